using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>Names a message of ours.</summary>
public readonly record struct SentMessageKey(Jid Chat, string Id);
