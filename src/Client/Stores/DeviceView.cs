using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>The store as a stanza's handler must see it: what it and the stanzas before it in the same batch have changed, then what is stored.</summary>
internal readonly struct DeviceView(IDeviceStore store, DeviceWriteSet writes)
{
    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadSessionsAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        OverlayAsync(addresses, static w => w.Sessions, store.LoadSessionsAsync, ct);

    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadIdentitiesAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        OverlayAsync(addresses, static w => w.Identities, store.LoadIdentitiesAsync, ct);

    public ValueTask<IReadOnlyDictionary<Jid, DeviceList>> LoadDeviceListsAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        OverlayAsync(users, static w => w.DeviceLists, store.LoadDeviceListsAsync, ct);

    public ValueTask<IReadOnlyDictionary<Jid, TrustedContactToken>> LoadTrustedContactTokensAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        OverlayAsync(users, static w => w.TrustedContactTokens, store.LoadTrustedContactTokensAsync, ct);

    public async ValueTask<byte[]?> LoadSenderKeyAsync(SenderKeyName name, CancellationToken ct) =>
        TryFind(name, static w => w.SenderKeys, out var changed) ? changed : await store.LoadSenderKeyAsync(name, ct).ConfigureAwait(false);

    public async ValueTask<RetryState?> LoadRetryAsync(RetryKey key, CancellationToken ct) =>
        TryFind(key, static w => w.Retries, out var changed) ? changed : await store.LoadRetryAsync(key, ct).ConfigureAwait(false);

    public async ValueTask<Jid?> FindLidAsync(Jid phone, CancellationToken ct)
    {
        for (var set = writes; set is not null; set = set.Earlier)
        {
            if (set.AddressMappings.FindLast(m => m.Phone == phone) is { } learned)
                return learned.Lid;
        }

        var stored = await store.LoadLidsAsync([phone], ct).ConfigureAwait(false);
        return stored.TryGetValue(phone, out var lid) ? lid : null;
    }

    public async ValueTask<Jid?> FindPhoneAsync(Jid lid, CancellationToken ct)
    {
        for (var set = writes; set is not null; set = set.Earlier)
        {
            if (set.AddressMappings.FindLast(m => m.Lid == lid) is { } learned)
                return learned.Phone;
        }

        var stored = await store.LoadPhonesAsync([lid], ct).ConfigureAwait(false);
        return stored.TryGetValue(lid, out var phone) ? phone : null;
    }

    private async ValueTask<IReadOnlyDictionary<TKey, TValue>> OverlayAsync<TKey, TValue>(
        IReadOnlyCollection<TKey> keys,
        Func<DeviceWriteSet, Dictionary<TKey, TValue?>> changes,
        Func<IReadOnlyCollection<TKey>, CancellationToken, ValueTask<IReadOnlyDictionary<TKey, TValue>>> load,
        CancellationToken ct)
        where TKey : notnull
        where TValue : class
    {
        var found = new Dictionary<TKey, TValue>(keys.Count);
        var missing = new List<TKey>();
        foreach (var key in keys)
        {
            if (!TryFind(key, changes, out var changed))
                missing.Add(key);
            else if (changed is not null)
                found[key] = changed;
        }

        if (missing.Count == 0)
            return found;
        foreach (var (key, value) in await load(missing, ct).ConfigureAwait(false))
            found[key] = value;
        return found;
    }

    private bool TryFind<TKey, TValue>(TKey key, Func<DeviceWriteSet, Dictionary<TKey, TValue?>> changes, out TValue? value)
        where TKey : notnull
        where TValue : class
    {
        for (var set = writes; set is not null; set = set.Earlier)
        {
            if (changes(set).TryGetValue(key, out value))
                return true;
        }

        value = null;
        return false;
    }
}
