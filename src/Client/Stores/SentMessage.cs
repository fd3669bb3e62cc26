using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>A message of ours, kept so that a retry or a resend after a reconnect can encrypt it again.</summary>
/// <param name="Chat">The chat the stanza went to, without device.</param>
/// <param name="Id">The message id; it never changes over retries and resends.</param>
/// <param name="Content">The serialised plaintext <c>Message</c>, unpadded.</param>
/// <param name="SentAt">When it was first committed, in milliseconds; rises from message to message, so that it tells their order.</param>
/// <param name="Acknowledged">Whether the server acked or refused it.</param>
/// <param name="Attributes">Further attributes of the message stanza (such as <c>edit</c>); null when none.</param>
/// <param name="Readers">Who may read it, where the chat does not say so: the readers of a status; null elsewhere.</param>
public sealed record SentMessage(
    Jid Chat, string Id, byte[] Content, DateTimeOffset SentAt, bool Acknowledged = false, IReadOnlyDictionary<string, string>? Attributes = null,
    IReadOnlyList<Jid>? Readers = null);
