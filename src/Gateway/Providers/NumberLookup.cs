using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers;

/// <summary>What the server knows of a phone number.</summary>
/// <param name="Asked">The JID that was asked for.</param>
/// <param name="Found">The account's phone number JID; null when nobody has the number.</param>
/// <param name="Lid">The account's LID, when the server told it.</param>
internal sealed record NumberLookup(Jid Asked, Jid? Found, Jid? Lid);
