using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Storage.Messages;

/// <summary>Changes what a stored message says. A message that is not stored, or was written by somebody else, stays as it is.</summary>
/// <param name="Chat">The chat; either form of a person.</param>
/// <param name="Sender">Who edits, without device; either form.</param>
/// <param name="KeyId">WhatsApp's id of the message that is edited.</param>
public sealed record EditMessage(Jid Chat, Jid Sender, string KeyId) : IAttachedWrite
{
    public required string MessageType { get; init; }

    /// <summary>The new content as a JSON object.</summary>
    public required string Message { get; init; }

    /// <summary>A member of the old content's object that stays, whatever the new one says; null for none.</summary>
    public string? KeptMember { get; init; }

    /// <summary>When it was edited, in seconds since 1970.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Whether the edit is kept as a row of its own, which find routes show.</summary>
    public bool KeepsUpdate { get; init; }

    /// <summary>Written only if there was such a message.</summary>
    public IReadOnlyList<IAttachedWrite> WhenEdited { get; init; } = [];
}
