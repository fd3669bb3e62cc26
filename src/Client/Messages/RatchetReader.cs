using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages;

/// <summary>Reads Signal records as the write set will leave them: first what it changes, then what earlier stanzas of the batch change, then the store.</summary>
internal readonly struct RatchetReader(ISignalStore store, DeviceWriteSet writes)
{
    public async ValueTask<SessionRecord?> SessionAsync(SignalAddress address, CancellationToken ct)
    {
        var bytes = await SessionBytesAsync(address, ct).ConfigureAwait(false);
        return bytes is null ? null : SessionRecord.Parse(bytes);
    }

    public async ValueTask<byte[]?> SessionBytesAsync(SignalAddress address, CancellationToken ct) =>
        Pending(writes, set => set.Sessions, address, out var bytes)
            ? bytes
            : (await store.LoadSessionsAsync([address], ct).ConfigureAwait(false)).GetValueOrDefault(address);

    public async ValueTask<byte[]?> IdentityAsync(SignalAddress address, CancellationToken ct) =>
        Pending(writes, set => set.Identities, address, out var bytes)
            ? bytes
            : (await store.LoadIdentitiesAsync([address], ct).ConfigureAwait(false)).GetValueOrDefault(address);

    /// <summary>Every address of a Signal name that has a session.</summary>
    public async ValueTask<IReadOnlyCollection<SignalAddress>> FindSessionsAsync(string signalName, CancellationToken ct)
    {
        var found = new HashSet<SignalAddress>(await store.FindSessionsAsync(signalName, ct).ConfigureAwait(false));
        for (var set = writes; set is not null; set = set.Earlier)
            found.UnionWith(set.Sessions.Keys.Where(address => address.Name == signalName));
        return found;
    }

    public async ValueTask<SenderKeyRecord?> SenderKeyAsync(SenderKeyName name, CancellationToken ct)
    {
        if (!Pending(writes, set => set.SenderKeys, name, out var bytes))
            bytes = await store.LoadSenderKeyAsync(name, ct).ConfigureAwait(false);
        return bytes is null ? null : SenderKeyRecord.Parse(bytes);
    }

    /// <summary>A one-time pre-key, unless it is used up.</summary>
    public async ValueTask<PreKey?> PreKeyAsync(uint id, CancellationToken ct)
    {
        for (var set = writes; set is not null; set = set.Earlier)
        {
            if (set.RemovedPreKeys.Contains(id))
                return null;
            if (set.AddedPreKeys.Find(added => added.Key.Id == id) is { } added)
                return added.Key;
        }

        return (await store.LoadPreKeysAsync([id], ct).ConfigureAwait(false)).GetValueOrDefault(id);
    }

    private static bool Pending<TKey>(DeviceWriteSet? set, Func<DeviceWriteSet, Dictionary<TKey, byte[]?>> part, TKey key, out byte[]? bytes)
        where TKey : notnull
    {
        for (; set is not null; set = set.Earlier)
        {
            if (part(set).TryGetValue(key, out bytes))
                return true;
        }

        bytes = null;
        return false;
    }
}
