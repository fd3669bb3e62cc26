using Evolution.Protocol.Jids;

namespace Evolution.Client;

/// <summary>Who sent what where: everything about a message but its content.</summary>
/// <param name="Id">The message id. Unique together with <see cref="CanonicalChat"/> and <see cref="CanonicalSender"/>.</param>
/// <param name="Chat">The chat in the form the stanza used, without device.</param>
/// <param name="Sender">The author in the form the stanza used, without device.</param>
/// <param name="FromMe">Whether the author is this account, on this or another device.</param>
/// <param name="Timestamp">The server's time, in whole seconds.</param>
public sealed record MessageInfo(string Id, Jid Chat, Jid Sender, bool FromMe, DateTimeOffset Timestamp)
{
    /// <summary>The chat's other form (phone for a LID and the reverse), if it is a user and the other form is known.</summary>
    public Jid? ChatAlt { get; init; }

    /// <summary>The author's other form, if known.</summary>
    public Jid? SenderAlt { get; init; }

    /// <summary>The author's device; 0 is the phone.</summary>
    public ushort SenderDevice { get; init; }

    /// <summary><c>pn</c> or <c>lid</c>: how the stanza addressed people.</summary>
    public string AddressingMode { get; init; } = "pn";

    /// <summary>The author's name as he set it.</summary>
    public string? PushName { get; init; }

    /// <summary>The stanza's category; <c>peer</c> is traffic between own devices.</summary>
    public string? Category { get; init; }

    /// <summary>How often the content was encrypted again before it arrived; 0 at the first time.</summary>
    public int RetryCount { get; init; }

    /// <summary>The verified business name, when the stanza carried one.</summary>
    public string? VerifiedName { get; init; }

    /// <summary>Whether the chat is a group.</summary>
    public bool IsGroup => Chat.IsGroup;

    /// <summary>The chat's key: the LID if known, else the phone JID; groups and broadcasts as they are.</summary>
    public Jid CanonicalChat => Canonical(Chat, ChatAlt);

    /// <summary>The author's key: the LID if known, else the phone JID.</summary>
    public Jid CanonicalSender => Canonical(Sender, SenderAlt);

    private static Jid Canonical(Jid jid, Jid? alternative) => alternative is { IsLid: true } lid ? lid : jid;
}
