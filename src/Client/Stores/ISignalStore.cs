using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Stores;

/// <summary>Reads of what the Signal protocol needs. Every write goes through <see cref="IDeviceStore.CommitAsync"/>.</summary>
public interface ISignalStore
{
    /// <summary>Serialised sessions of the addresses that have one; the others are missing from the answer.</summary>
    ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadSessionsAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct);

    /// <summary>Trusted identity keys (32 bytes) of the addresses that have one.</summary>
    ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadIdentitiesAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct);

    /// <summary>Every address of a Signal name (all devices of a user) that has a session.</summary>
    ValueTask<IReadOnlyList<SignalAddress>> FindSessionsAsync(string signalName, CancellationToken ct);

    /// <summary>The one-time pre-keys with these ids that still exist.</summary>
    ValueTask<IReadOnlyDictionary<uint, PreKey>> LoadPreKeysAsync(IReadOnlyCollection<uint> ids, CancellationToken ct);

    /// <summary>How many one-time pre-keys there are, which id comes next, and which wait for the server's confirmation.</summary>
    ValueTask<PreKeyInventory> LoadPreKeyInventoryAsync(CancellationToken ct);

    /// <summary>A signed pre-key by id, old ones included; null when it is unknown.</summary>
    ValueTask<SignedPreKey?> LoadSignedPreKeyAsync(uint id, CancellationToken ct);

    /// <summary>A serialised sender key, or null.</summary>
    ValueTask<byte[]?> LoadSenderKeyAsync(SenderKeyName name, CancellationToken ct);

    /// <summary>The devices that were given our own current sender key of a group, and whether they still have it as far as we know; empty when none.</summary>
    ValueTask<IReadOnlyDictionary<Jid, bool>> LoadSenderKeyRecipientsAsync(Jid group, CancellationToken ct);
}
