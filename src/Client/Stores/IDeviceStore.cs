namespace Evolution.Client.Stores;

/// <summary>
/// Everything one paired device must keep over a restart. Reads are asynchronous and batched; the only write is
/// <see cref="CommitAsync"/>, which takes all that one stanza (or several of one chat) changed.
/// Implementations must allow concurrent calls.
/// </summary>
public interface IDeviceStore : ISignalStore, IAppStateStore, IAddressStore, ISendStore
{
    /// <summary>The device's keys and identity, or null when there are none: a new identity is made then.</summary>
    ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken ct);

    /// <summary>Writes the whole set in one transaction, or nothing of it. When it returns, the data survives a crash.</summary>
    /// <exception cref="FencedException">Another owner has taken the device over; nothing was written.</exception>
    /// <exception cref="ArgumentException">An attached write is of a kind this store does not know; nothing was written.</exception>
    ValueTask CommitAsync(DeviceWriteSet writes, CancellationToken ct);
}
