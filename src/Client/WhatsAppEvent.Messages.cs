using Evolution.Client.History;
using Evolution.Protocol.Jids;

namespace Evolution.Client;

/// <summary>A message arrived and was read. A message seen before as <see cref="MessageUndecryptable"/> comes with the same id and replaces it.</summary>
/// <param name="Info">Who, where, when.</param>
/// <param name="Content">The content, unwrapped from the own-device envelope.</param>
/// <param name="Offline">Whether it waited on the server while the device was away.</param>
public sealed record MessageReceived(MessageInfo Info, Proto.Message Content, bool Offline) : WhatsAppEvent;

/// <summary>A message arrived that can't be read (yet).</summary>
/// <param name="Info">Who, where, when.</param>
/// <param name="Reason">A short word on what failed.</param>
/// <param name="Replaceable">Whether it was asked for again.</param>
public sealed record MessageUndecryptable(MessageInfo Info, string Reason, bool Replaceable) : WhatsAppEvent;

/// <summary>A message of ours is about to leave: what the handler adds commits with the advanced sessions, before the first frame.</summary>
public sealed record MessageSending(MessageInfo Info, Proto.Message Content) : WhatsAppEvent;

/// <summary>Messages got further, or were refused.</summary>
/// <param name="Chat">The chat, without device.</param>
/// <param name="Participant">Who read or received it, in groups; without device.</param>
/// <param name="Ids">The messages' ids.</param>
/// <param name="FromMe">Whether they are messages of ours.</param>
/// <param name="Status">The new status.</param>
/// <param name="ErrorCode">The server's code when <paramref name="Status"/> is <see cref="MessageStatus.Error"/>.</param>
/// <param name="At">When it happened, by the server's clock.</param>
public sealed record MessageStatusChanged(
    Jid Chat, Jid? Participant, IReadOnlyList<string> Ids, bool FromMe, MessageStatus Status, int? ErrorCode, DateTimeOffset At) : WhatsAppEvent;

/// <summary>A part of the account's history arrived.</summary>
public sealed record HistoryReceived(HistoryChunk Chunk) : WhatsAppEvent;
