using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Stores;

/// <summary>
/// Bounded caches of what nearly every stanza reads, over the real store. They change after a commit only, and forget what a failed
/// commit spoke of (its outcome may be unknown): memory never runs ahead of the store.
/// </summary>
internal sealed class CachedDeviceStore(IDeviceStore store) : IDeviceStore
{
    // A session is about 1 KB, so a full set stays around one megabyte a device.
    private readonly BoundedCache<SignalAddress, byte[]?> sessions = new(512);
    private readonly BoundedCache<SignalAddress, byte[]?> identities = new(512);
    private readonly BoundedCache<SenderKeyName, byte[]?> senderKeys = new(512);
    private readonly BoundedCache<Jid, Jid?> lids = new(2048);
    private readonly BoundedCache<Jid, Jid?> phones = new(2048);
    private readonly BoundedCache<Jid, DeviceList?> deviceLists = new(1024);

    public ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken ct) => Guard(() => store.LoadCredentialsAsync(ct));

    public async ValueTask CommitAsync(DeviceWriteSet writes, CancellationToken ct)
    {
        if (writes.IsEmpty)
            return;
        try
        {
            await store.CommitAsync(writes, ct).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Forget(writes);
            if (e is FencedException)
                throw;
            throw new StoreFailedException("The changes could not be stored.", e);
        }

        Remember(writes);
        writes.TellCommitted();
    }

    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadSessionsAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        ReadAsync(sessions, addresses, store.LoadSessionsAsync, ct);

    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadIdentitiesAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        ReadAsync(identities, addresses, store.LoadIdentitiesAsync, ct);

    public ValueTask<IReadOnlyDictionary<Jid, DeviceList>> LoadDeviceListsAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        ReadAsync(deviceLists, users, store.LoadDeviceListsAsync, ct);

    public async ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadLidsAsync(IReadOnlyCollection<Jid> phoneJids, CancellationToken ct) =>
        await ReadMapAsync(lids, phoneJids, store.LoadLidsAsync, ct).ConfigureAwait(false);

    public async ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadPhonesAsync(IReadOnlyCollection<Jid> lidJids, CancellationToken ct) =>
        await ReadMapAsync(phones, lidJids, store.LoadPhonesAsync, ct).ConfigureAwait(false);

    public async ValueTask<byte[]?> LoadSenderKeyAsync(SenderKeyName name, CancellationToken ct)
    {
        if (senderKeys.TryGet(name, out var cached))
            return cached;
        var generation = senderKeys.Generation;
        var loaded = await Guard(() => store.LoadSenderKeyAsync(name, ct)).ConfigureAwait(false);
        senderKeys.Fill(name, loaded, generation);
        return loaded;
    }

    public ValueTask<IReadOnlyList<SignalAddress>> FindSessionsAsync(string signalName, CancellationToken ct) => Guard(() => store.FindSessionsAsync(signalName, ct));

    public ValueTask<IReadOnlyDictionary<uint, PreKey>> LoadPreKeysAsync(IReadOnlyCollection<uint> ids, CancellationToken ct) => Guard(() => store.LoadPreKeysAsync(ids, ct));

    public ValueTask<PreKeyInventory> LoadPreKeyInventoryAsync(CancellationToken ct) => Guard(() => store.LoadPreKeyInventoryAsync(ct));

    public ValueTask<SignedPreKey?> LoadSignedPreKeyAsync(uint id, CancellationToken ct) => Guard(() => store.LoadSignedPreKeyAsync(id, ct));

    public ValueTask<IReadOnlyDictionary<Jid, bool>> LoadSenderKeyRecipientsAsync(Jid group, CancellationToken ct) => Guard(() => store.LoadSenderKeyRecipientsAsync(group, ct));

    public ValueTask<IReadOnlyDictionary<Jid, TrustedContactToken>> LoadTrustedContactTokensAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        Guard(() => store.LoadTrustedContactTokensAsync(users, ct));

    public ValueTask<AppStateKey?> LoadAppStateKeyAsync(ReadOnlyMemory<byte> id, CancellationToken ct) => Guard(() => store.LoadAppStateKeyAsync(id, ct));

    public ValueTask<AppStateKey?> LoadLatestAppStateKeyAsync(CancellationToken ct) => Guard(() => store.LoadLatestAppStateKeyAsync(ct));

    public ValueTask<SentMessage?> LoadSentMessageAsync(Jid chat, string id, CancellationToken ct) => Guard(() => store.LoadSentMessageAsync(chat, id, ct));

    public ValueTask<IReadOnlyList<SentMessage>> LoadUnacknowledgedAsync(DateTimeOffset since, int limit, CancellationToken ct) =>
        Guard(() => store.LoadUnacknowledgedAsync(since, limit, ct));

    public ValueTask<RetryState?> LoadRetryAsync(RetryKey key, CancellationToken ct) => Guard(() => store.LoadRetryAsync(key, ct));

    /// <summary>Tells a store that fails from a stanza that is wrong: only the second may be refused.</summary>
    private static async ValueTask<T> Guard<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or FencedException))
        {
            throw new StoreFailedException("The store could not be read.", e);
        }
    }

    private void Remember(DeviceWriteSet writes)
    {
        if (writes.Reset is not null)
            Clear();
        foreach (var (address, session) in writes.Sessions)
            sessions.Set(address, session);
        foreach (var (address, identity) in writes.Identities)
            identities.Set(address, identity);
        foreach (var (name, key) in writes.SenderKeys)
            senderKeys.Set(name, key);
        foreach (var (user, list) in writes.DeviceLists)
            deviceLists.Set(user, list);
        foreach (var mapping in writes.AddressMappings)
            Remap(mapping);
    }

    private void Remap(AddressMapping mapping)
    {
        if (lids.TryGet(mapping.Phone, out var oldLid) && oldLid is { } lid)
            phones.Remove(lid);
        if (phones.TryGet(mapping.Lid, out var oldPhone) && oldPhone is { } phone)
            lids.Remove(phone);
        lids.Set(mapping.Phone, mapping.Lid);
        phones.Set(mapping.Lid, mapping.Phone);
    }

    private void Forget(DeviceWriteSet writes)
    {
        if (writes.Reset is not null)
            Clear();
        foreach (var address in writes.Sessions.Keys)
            sessions.Remove(address);
        foreach (var address in writes.Identities.Keys)
            identities.Remove(address);
        foreach (var name in writes.SenderKeys.Keys)
            senderKeys.Remove(name);
        foreach (var user in writes.DeviceLists.Keys)
            deviceLists.Remove(user);
        foreach (var mapping in writes.AddressMappings)
        {
            lids.Remove(mapping.Phone);
            phones.Remove(mapping.Lid);
        }
    }

    private void Clear()
    {
        sessions.Clear();
        identities.Clear();
        senderKeys.Clear();
        deviceLists.Clear();
        lids.Clear();
        phones.Clear();
    }

    private static async ValueTask<IReadOnlyDictionary<TKey, TValue>> ReadAsync<TKey, TValue>(
        BoundedCache<TKey, TValue?> cache,
        IReadOnlyCollection<TKey> keys,
        Func<IReadOnlyCollection<TKey>, CancellationToken, ValueTask<IReadOnlyDictionary<TKey, TValue>>> load,
        CancellationToken ct)
        where TKey : notnull
        where TValue : class
    {
        var found = new Dictionary<TKey, TValue>(keys.Count);
        var missing = new List<TKey>();
        foreach (var key in keys)
        {
            if (!cache.TryGet(key, out var cached))
                missing.Add(key);
            else if (cached is not null)
                found[key] = cached;
        }

        if (missing.Count == 0)
            return found;
        var generation = cache.Generation;
        var loaded = await Guard(() => load(missing, ct)).ConfigureAwait(false);
        foreach (var key in missing)
        {
            var value = loaded.GetValueOrDefault(key);
            cache.Fill(key, value, generation);
            if (value is not null)
                found[key] = value;
        }

        return found;
    }

    private static async ValueTask<IReadOnlyDictionary<Jid, Jid>> ReadMapAsync(
        BoundedCache<Jid, Jid?> cache,
        IReadOnlyCollection<Jid> keys,
        Func<IReadOnlyCollection<Jid>, CancellationToken, ValueTask<IReadOnlyDictionary<Jid, Jid>>> load,
        CancellationToken ct)
    {
        var found = new Dictionary<Jid, Jid>(keys.Count);
        var missing = new List<Jid>();
        foreach (var key in keys)
        {
            if (!cache.TryGet(key, out var cached))
                missing.Add(key);
            else if (cached is { } other)
                found[key] = other;
        }

        if (missing.Count == 0)
            return found;
        var generation = cache.Generation;
        var loaded = await Guard(() => load(missing, ct)).ConfigureAwait(false);
        foreach (var key in missing)
        {
            Jid? value = loaded.TryGetValue(key, out var other) ? other : null;
            cache.Fill(key, value, generation);
            if (value is { } known)
                found[key] = known;
        }

        return found;
    }
}
