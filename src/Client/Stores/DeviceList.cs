using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>The devices of one user, as the server told them.</summary>
/// <param name="User">The user, without device.</param>
/// <param name="Devices">All devices, the phone (id 0) included.</param>
/// <param name="FetchedAt">When the list was asked for or last confirmed by a notification.</param>
/// <param name="Hash">The server's hash of the list, when it sent one.</param>
public sealed record DeviceList(Jid User, IReadOnlyList<DeviceListEntry> Devices, DateTimeOffset FetchedAt, string? Hash = null);
