using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Storage.Messages;

/// <summary>Stores a chat or changes it; what is null stays as it is.</summary>
/// <param name="Chat">The chat; either form of a person.</param>
/// <param name="RemoteJid">The JID clients see: the phone JID where it is known.</param>
public sealed record UpsertChat(Jid Chat, string RemoteJid) : IAttachedWrite
{
    /// <summary>The chat's name.</summary>
    public string? Name { get; init; }

    /// <summary>The unread count, replaced.</summary>
    public int? UnreadMessages { get; init; }

    /// <summary>Written only if the chat was not stored before.</summary>
    public IReadOnlyList<IAttachedWrite> WhenCreated { get; init; } = [];

    /// <summary>
    /// Written only if the chat was stored and something changed. <see cref="UpdateMessageStatus.RowIdPlaceholder"/> stands for the id of the chat's row
    /// in the bodies of its events.
    /// </summary>
    public IReadOnlyList<IAttachedWrite> WhenChanged { get; init; } = [];
}
