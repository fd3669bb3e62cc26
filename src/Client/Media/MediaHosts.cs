using Evolution.Client.Connection;

namespace Evolution.Client.Media;

/// <summary>The media hosts, asked for when they are needed and kept as long as the server allows.</summary>
internal sealed class MediaHosts(IStanzaChannel channel, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private MediaConnection? known;
    private DateTimeOffset knownUntil;

    /// <param name="insteadOf">A connection that did not serve: another one is asked for if this is still the known one.</param>
    public async ValueTask<MediaConnection> GetAsync(MediaConnection? insteadOf, CancellationToken ct)
    {
        await turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (known is not null && known != insteadOf && time.GetUtcNow() < knownUntil)
                return known;
            var asked = time.GetUtcNow();
            known = await channel.RequestAsync(new MediaHostsRequest(), ct).ConfigureAwait(false);
            knownUntil = asked + known.Lifetime;
            return known;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Tries one host after the other, then the hosts that the server names anew, until one serves. An attempt returns false, or throws what a
    /// network does, when the next host shall be tried.
    /// </summary>
    /// <exception cref="MediaUnreachableException">None served.</exception>
    public async Task TryEachAsync(Func<MediaConnection, IEnumerable<string>> order, Func<MediaConnection, string, Task<bool>> attempt, CancellationToken ct)
    {
        Exception? last = null;
        MediaConnection? connection = null;
        for (var round = 0; round < 2; round++)
        {
            connection = await GetAsync(connection, ct).ConfigureAwait(false);
            foreach (var host in order(connection))
            {
                try
                {
                    if (await attempt(connection, host).ConfigureAwait(false))
                        return;
                }
                catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
                {
                    last = e;
                }
            }
        }

        throw last is null ? new MediaUnreachableException() : new MediaUnreachableException($"No media host served: {last.Message}", last);
    }

    public void Dispose() => turn.Dispose();
}
