using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Api;

/// <summary>What is known of a <c>number</c> that a client wrote.</summary>
/// <param name="Number">As it was written.</param>
/// <param name="Jid">Whom it means; null when there is nothing in it that could be a number.</param>
/// <param name="Exists">Whether there is such an account, group or list.</param>
/// <param name="Name">Push name of a person, subject of a group; null when unknown.</param>
internal sealed record Recipient(string Number, Jid? Jid, bool Exists, string? Name);
