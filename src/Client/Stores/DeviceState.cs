namespace Evolution.Client.Stores;

/// <summary>The single owner of the credentials: everybody reads them here, and changes pass one after the other.</summary>
internal sealed class DeviceState(IDeviceStore store, TimeProvider time) : IDisposable
{
    /// <summary>A commit that takes longer has failed, as far as we can tell.</summary>
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile DeviceCredentials? credentials;
    private volatile bool doubtful;

    /// <summary>The committed credentials.</summary>
    /// <exception cref="InvalidOperationException">They were not loaded yet.</exception>
    public DeviceCredentials Credentials => credentials ?? throw new InvalidOperationException("The device's credentials are not loaded.");

    /// <summary>The committed credentials; null when they were not loaded yet.</summary>
    public DeviceCredentials? Current => credentials;

    /// <summary>Loads the credentials, once and after a commit whose outcome is unknown; makes and stores a new identity when there is none.</summary>
    public async Task EnsureLoadedAsync(CancellationToken ct)
    {
        if (credentials is not null && !doubtful)
            return;
        await turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var loaded = await store.LoadCredentialsAsync(ct).ConfigureAwait(false);
            if (loaded is null)
            {
                loaded = DeviceCredentials.Create(time.GetUtcNow());
                await CommitAsync(new DeviceWriteSet { Credentials = loaded }).ConfigureAwait(false);
            }

            credentials = loaded;
            doubtful = false;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Changes the credentials and commits them, together with what <paramref name="addWrites"/> adds. Nothing changes when the commit fails.</summary>
    public async Task UpdateAsync(
        Func<DeviceCredentials, DeviceCredentials> change, CancellationToken ct, Func<DeviceWriteSet, CancellationToken, ValueTask>? addWrites = null)
    {
        await turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var changed = change(Credentials);
            if (addWrites is null && changed == credentials)
                return;
            var writes = new DeviceWriteSet { Credentials = changed };
            if (addWrites is not null)
                await addWrites(writes, ct).ConfigureAwait(false);
            await CommitAsync(writes).ConfigureAwait(false);
            credentials = changed;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Wipes or archives the device and goes on with a new identity, together with what <paramref name="addWrites"/> adds.</summary>
    public async Task ResetAsync(DeviceReset reset, Func<DeviceWriteSet, CancellationToken, ValueTask> addWrites, CancellationToken ct)
    {
        await turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var fresh = DeviceCredentials.Create(time.GetUtcNow());
            var writes = new DeviceWriteSet { Reset = reset, Credentials = fresh };
            await addWrites(writes, ct).ConfigureAwait(false);
            await CommitAsync(writes).ConfigureAwait(false);
            credentials = fresh;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Not cancelled by a connection's end: an interrupted commit would only leave its outcome unknown.</summary>
    private async Task CommitAsync(DeviceWriteSet writes)
    {
        using var deadline = new CancellationTokenSource(CommitTimeout, time);
        try
        {
            await store.CommitAsync(writes, deadline.Token).ConfigureAwait(false);
        }
        catch
        {
            doubtful = true;
            throw;
        }
    }

    public void Dispose() => turn.Dispose();
}
