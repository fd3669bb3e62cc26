using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Addressing;

/// <summary>What the server told about a user.</summary>
/// <param name="User">The user as asked for.</param>
/// <param name="Lid">His LID, when the server told it.</param>
/// <param name="Devices">His devices; null when the server gave none.</param>
internal sealed record UserDevices(Jid User, Jid? Lid, DeviceList? Devices);
