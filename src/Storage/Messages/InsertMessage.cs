using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Storage.Messages;

/// <summary>
/// Stores a message once. If the instance has one with the same chat, sender and id, nothing happens, so that a message the server delivers
/// again changes and announces nothing; only a placeholder is replaced, by one that is none, and what only the history told of is still news when it comes.
/// The chat's last message follows, its unread count where asked.
/// </summary>
/// <param name="Chat">The chat; either form of a person, the store takes the canonical one.</param>
/// <param name="Sender">The author, without device; either form.</param>
/// <param name="Message">The row.</param>
public sealed record InsertMessage(Jid Chat, Jid Sender, MessageRow Message) : IAttachedWrite
{
    /// <summary>Whether it is of the history: no news, and none to keep the message from being news if it comes by itself.</summary>
    public bool IsHistory { get; init; }

    /// <summary>Whether a new message adds one to the chat's unread count.</summary>
    public bool CountsAsUnread { get; init; }

    /// <summary>Whether who wrote a new message had read the chat: then nothing of it is unread, unless something newer is there already.</summary>
    public bool ReadsChat { get; init; }

    /// <summary>Whether the chat counts as stored from now on; otherwise only its last message is kept track of.</summary>
    public bool SavesChat { get; init; }

    /// <summary>The chat's name if it has none.</summary>
    public string? ChatName { get; init; }

    /// <summary>Written only if the message is new.</summary>
    public IReadOnlyList<IAttachedWrite> WhenInserted { get; init; } = [];

    /// <summary>Written only if the message replaced a placeholder, or was known from the history alone.</summary>
    public IReadOnlyList<IAttachedWrite> WhenReplaced { get; init; } = [];
}
