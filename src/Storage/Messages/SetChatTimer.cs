using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Storage.Messages;

/// <summary>Notes after how long messages in a chat disappear. A chat that is not known yet becomes known by it, but not listed.</summary>
/// <param name="Chat">The chat; either form of a person.</param>
/// <param name="RemoteJid">The JID clients see: the phone JID where it is known.</param>
/// <param name="Seconds">The time; null when messages stay.</param>
public sealed record SetChatTimer(Jid Chat, string RemoteJid, long? Seconds) : IAttachedWrite;
