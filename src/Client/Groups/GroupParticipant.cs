using Evolution.Protocol.Jids;

namespace Evolution.Client.Groups;

/// <summary>Somebody in a group.</summary>
/// <param name="Jid">As the group addresses him: the LID, or in older groups the phone JID.</param>
/// <param name="Other">His other address, where the server tells it.</param>
public sealed record GroupParticipant(Jid Jid, Jid? Other, GroupRole Role);
