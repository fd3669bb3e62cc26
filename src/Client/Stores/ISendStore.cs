using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>Reads of what sending and retrying must remember over a restart.</summary>
public interface ISendStore
{
    /// <summary>A message we sent, or null when it was never sent or is too old to be kept.</summary>
    /// <param name="chat">The chat's user, group or broadcast, without device, in the form the message was stored with.</param>
    ValueTask<SentMessage?> LoadSentMessageAsync(Jid chat, string id, CancellationToken ct);

    /// <summary>Messages without the server's ack sent at or after <paramref name="since"/>, oldest first, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<SentMessage>> LoadUnacknowledgedAsync(DateTimeOffset since, int limit, CancellationToken ct);

    /// <summary>How often a retry was asked or answered; null when never.</summary>
    ValueTask<RetryState?> LoadRetryAsync(RetryKey key, CancellationToken ct);
}
