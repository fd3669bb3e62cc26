using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages.Sending;

/// <summary>The keys with which a session with a device is begun.</summary>
/// <param name="Device">The device; empty when the keys came in a retry receipt, which names its sender itself.</param>
/// <param name="Keys">The keys, not verified yet.</param>
/// <param name="DeviceIdentity">The companion's signed device identity, when the server sent it.</param>
internal sealed record DeviceBundle(Jid Device, PreKeyBundle Keys, ReadOnlyMemory<byte>? DeviceIdentity);
