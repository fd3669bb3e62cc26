using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Sending;

/// <summary>What a caller may say about a message beside its content.</summary>
public sealed record SendOptions
{
    /// <summary>The message id; null for a new one. Recipients drop an id they have.</summary>
    public string? MessageId { get; init; }

    /// <summary>The people who may read a status, by phone JID or LID; our own other devices get it in any case. Ignored for other messages.</summary>
    public IReadOnlyCollection<Jid>? StatusReaders { get; init; }
}
