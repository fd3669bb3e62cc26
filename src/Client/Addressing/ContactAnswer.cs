using Evolution.Protocol.Jids;

namespace Evolution.Client.Addressing;

/// <summary>The server's answer about one number.</summary>
/// <param name="Asked">The digits that were asked, when the server repeats them.</param>
/// <param name="User">The user, in the server's corrected form.</param>
/// <param name="Exists">Whether the number is on WhatsApp.</param>
/// <param name="Phone">The phone JID, when <paramref name="User"/> is a LID.</param>
/// <param name="Lid">The LID, when <paramref name="User"/> is a phone JID.</param>
internal sealed record ContactAnswer(string? Asked, Jid User, bool Exists, Jid? Phone, Jid? Lid);
