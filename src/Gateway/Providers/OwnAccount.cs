using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers;

/// <summary>The account an instance is logged in to.</summary>
/// <param name="Phone">Phone number JID without a device.</param>
/// <param name="Lid">The account's LID, when known.</param>
/// <param name="PushName">The name the account shows to others.</param>
internal sealed record OwnAccount(Jid Phone, Jid? Lid, string? PushName);
