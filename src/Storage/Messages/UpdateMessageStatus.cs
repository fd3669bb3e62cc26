using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Storage.Messages;

/// <summary>
/// Raises a stored message's status; what is read of others is no longer unread in its chat. A status that is not higher, an error for a message that is not pending, and a message that is not stored change
/// nothing and write nothing.
/// </summary>
/// <param name="Chat">The chat; either form of a person.</param>
/// <param name="KeyId">WhatsApp's message id.</param>
/// <param name="FromMe">Whether it is a message of ours.</param>
/// <param name="Status">The new status.</param>
public sealed record UpdateMessageStatus(Jid Chat, string KeyId, bool FromMe, MessageStatus Status) : IAttachedWrite
{
    /// <summary>
    /// Stands for the id of the message's row in the bodies of <see cref="WhenRaised"/>'s events: the one thing their author can't know.
    /// </summary>
    public const string RowIdPlaceholder = "c<----message-row-id---->";

    /// <summary>Who received or read it, as the update row shows it.</summary>
    public string? Participant { get; init; }

    /// <summary>
    /// Whether the status is the participant's alone, one of a group's members: it must be higher than what was kept of him, and the message's own
    /// status only rises to the server's ack. Where updates are not kept, each is taken.
    /// </summary>
    public bool IsOfParticipant { get; init; }

    /// <summary>Whether the rise is kept as a row of its own, which find routes show.</summary>
    public bool KeepsUpdate { get; init; }

    /// <summary>Written only if the status rose.</summary>
    public IReadOnlyList<IAttachedWrite> WhenRaised { get; init; } = [];
}
