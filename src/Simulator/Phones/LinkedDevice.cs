using Evolution.Protocol.Jids;

namespace Evolution.Simulator.Phones;

/// <summary>A companion in a phone's list of linked devices.</summary>
/// <param name="Number">1 and up; never used twice.</param>
/// <param name="Platform">What the companion called itself when it was linked.</param>
/// <param name="LastSeen">When it last logged in or left; null when it never did.</param>
public sealed record LinkedDevice(ushort Number, Jid Jid, string Platform, bool Connected, DateTimeOffset? LastSeen);
