using System.Collections.Concurrent;
using Evolution.Client.Dispatch;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Media;

/// <summary>Asks the phone to upload files again that the media hosts have lost, and takes its answers.</summary>
internal sealed class ReuploadRequests(MessagingContext context) : IStanzaHandler
{
    // A phone that is on answers within seconds; one that is off is not worth waiting for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<Node>> waiting = new(StringComparer.Ordinal);

    public string Tag => "notification";

    public string? Type => "mediaretry";

    /// <returns>Where the file lies now.</returns>
    /// <exception cref="MediaGoneException">The phone does not have it either, or did not answer in time.</exception>
    public async Task<MediaReference> AskAsync(MediaReference media, MediaOwner owner, CancellationToken ct)
    {
        var answer = waiting.GetOrAdd(owner.MessageId, _ => new TaskCompletionSource<Node>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await context.Channel.SendAsync(ReuploadStanzas.Ask(owner, media.Key, context.Own.Device), ct).ConfigureAwait(false);
            var notification = await answer.Task.WaitAsync(Patience, context.Time, ct).ConfigureAwait(false);
            return media with { DirectPath = ReuploadStanzas.ReadPath(notification, media.Key, owner.MessageId), Url = null };
        }
        catch (TimeoutException e)
        {
            throw new MediaGoneException("The media hosts no longer have the file, and the phone did not answer.", e);
        }
        finally
        {
            waiting.TryRemove(owner.MessageId, out _);
        }
    }

    public ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (stanza.Node["id"] is { } id && waiting.TryGetValue(id, out var answer))
            answer.TrySetResult(stanza.Node);
        return ValueTask.CompletedTask;
    }
}
