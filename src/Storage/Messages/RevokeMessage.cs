using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Storage.Messages;

/// <summary>Takes a stored message back. A message that is not stored, or was written by somebody else, stays as it is.</summary>
/// <param name="Chat">The chat; either form of a person.</param>
/// <param name="Sender">Who takes it back, without device; either form.</param>
/// <param name="KeyId">WhatsApp's id of the message that is taken back.</param>
public sealed record RevokeMessage(Jid Chat, Jid Sender, string KeyId) : IAttachedWrite
{
    /// <summary>Whether the row goes; otherwise it stays and its key says <c>deleted</c>.</summary>
    public bool RemovesRow { get; init; }

    /// <summary>Whether the deletion is kept as a row of its own, which find routes show.</summary>
    public bool KeepsUpdate { get; init; }

    /// <summary>Written only if there was such a message.</summary>
    public IReadOnlyList<IAttachedWrite> WhenRevoked { get; init; } = [];
}
