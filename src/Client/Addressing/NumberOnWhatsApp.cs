using Evolution.Protocol.Jids;

namespace Evolution.Client.Addressing;

/// <summary>Whether a number is on WhatsApp.</summary>
/// <param name="Digits">The number as it was asked.</param>
/// <param name="User">The user's address: use it rather than the number, since the server corrects some countries' numbers.</param>
/// <param name="Exists">Whether it is on WhatsApp.</param>
/// <param name="Lid">The user's LID, if known.</param>
public sealed record NumberOnWhatsApp(string Digits, Jid User, bool Exists, Jid? Lid);
