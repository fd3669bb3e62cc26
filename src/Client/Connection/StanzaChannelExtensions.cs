namespace Evolution.Client.Connection;

internal static class StanzaChannelExtensions
{
    /// <summary>Sends a request and reads its reply; fails as <see cref="IStanzaChannel.QueryAsync"/> does.</summary>
    public static async Task<TReply> RequestAsync<TReply>(
        this IStanzaChannel channel, IqRequest<TReply> request, CancellationToken ct, TimeSpan? timeout = null)
    {
        var reply = await channel.QueryAsync(request.Build(channel.NextId()), timeout, ct).ConfigureAwait(false);
        return request.Read(reply);
    }
}
