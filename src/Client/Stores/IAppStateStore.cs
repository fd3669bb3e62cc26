namespace Evolution.Client.Stores;

/// <summary>Reads of the app-state synchronisation's data.</summary>
public interface IAppStateStore
{
    /// <summary>An app-state sync key by its id, or null when the phone has not shared it.</summary>
    ValueTask<AppStateKey?> LoadAppStateKeyAsync(ReadOnlyMemory<byte> id, CancellationToken ct);

    /// <summary>The key with the latest timestamp, or null when there is none.</summary>
    ValueTask<AppStateKey?> LoadLatestAppStateKeyAsync(CancellationToken ct);
}
