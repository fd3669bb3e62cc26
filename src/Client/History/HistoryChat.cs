using Evolution.Protocol.Jids;

namespace Evolution.Client.History;

/// <summary>A chat of the history.</summary>
/// <param name="Chat">The chat, in the form the phone keeps it.</param>
/// <param name="ChatAlt">Its other form (phone or LID), if known.</param>
/// <param name="Conversation">What the phone sent about it, without the messages.</param>
public sealed record HistoryChat(Jid Chat, Jid? ChatAlt, Proto.Conversation Conversation);
