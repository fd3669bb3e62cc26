using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Stores;

/// <summary>
/// A store that lives as long as the process: for tests, and for programs that keep a device's state themselves.
/// It knows no attached writes of its own; whoever passes some gets them through <paramref name="attached"/>, inside the commit.
/// </summary>
/// <param name="attached">Called with the attached writes of each commit; when it throws, nothing is written. Without it they are refused.</param>
public sealed class InMemoryDeviceStore(Action<IReadOnlyList<IAttachedWrite>>? attached = null) : IDeviceStore
{
    private readonly Lock gate = new();
    private readonly DeviceTables tables = new();

    /// <inheritdoc/>
    public ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken ct) => Read(() => tables.Credentials, ct);

    /// <summary>Credentials that were put aside by <see cref="DeviceReset.Archive"/>, oldest first.</summary>
    public IReadOnlyList<DeviceCredentials> Archived
    {
        get
        {
            lock (gate)
                return [.. tables.Archived];
        }
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(DeviceWriteSet writes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        ct.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (writes.Attached.Count > 0)
            {
                if (attached is null)
                    throw new ArgumentException($"This store knows no attached write such as {writes.Attached[0].GetType().Name}.", nameof(writes));
                attached(writes.Attached);
            }

            tables.Apply(writes);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadSessionsAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        Read(() => Pick(tables.Sessions, addresses), ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadIdentitiesAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        Read(() => Pick(tables.Identities, addresses), ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SignalAddress>> FindSessionsAsync(string signalName, CancellationToken ct) =>
        Read<IReadOnlyList<SignalAddress>>(() => [.. tables.Sessions.Keys.Where(a => a.Name == signalName)], ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<uint, PreKey>> LoadPreKeysAsync(IReadOnlyCollection<uint> ids, CancellationToken ct) =>
        Read<IReadOnlyDictionary<uint, PreKey>>(
            () => ids.Where(tables.PreKeys.ContainsKey).ToDictionary(id => id, id => tables.PreKeys[id].Key), ct);

    /// <inheritdoc/>
    public ValueTask<PreKeyInventory> LoadPreKeyInventoryAsync(CancellationToken ct) =>
        Read(() => new PreKeyInventory(tables.NextPreKeyId, [.. tables.PreKeys.Values.Where(k => !k.Published).Select(k => k.Key.Id).Order()]), ct);

    /// <inheritdoc/>
    public ValueTask<SignedPreKey?> LoadSignedPreKeyAsync(uint id, CancellationToken ct) =>
        Read(() => tables.Credentials?.SignedPreKey is { } current && current.Id == id ? current : tables.SignedPreKeys.GetValueOrDefault(id), ct);

    /// <inheritdoc/>
    public ValueTask<byte[]?> LoadSenderKeyAsync(SenderKeyName name, CancellationToken ct) => Read(() => tables.SenderKeys.GetValueOrDefault(name), ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, bool>> LoadSenderKeyRecipientsAsync(Jid group, CancellationToken ct) =>
        Read<IReadOnlyDictionary<Jid, bool>>(
            () => tables.SenderKeyRecipients.TryGetValue(group, out var devices) ? devices.ToDictionary() : new Dictionary<Jid, bool>(), ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadLidsAsync(IReadOnlyCollection<Jid> phones, CancellationToken ct) =>
        Read(() => Pick(tables.LidOfPhone, phones), ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadPhonesAsync(IReadOnlyCollection<Jid> lids, CancellationToken ct) =>
        Read(() => Pick(tables.PhoneOfLid, lids), ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, DeviceList>> LoadDeviceListsAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        Read(() => Pick(tables.DeviceLists, users), ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, TrustedContactToken>> LoadTrustedContactTokensAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        Read(() => Pick(tables.TrustedContactTokens, users), ct);

    /// <inheritdoc/>
    public ValueTask<AppStateKey?> LoadAppStateKeyAsync(ReadOnlyMemory<byte> id, CancellationToken ct) =>
        Read(() => tables.AppStateKeys.GetValueOrDefault(Convert.ToHexString(id.Span)), ct);

    /// <inheritdoc/>
    public ValueTask<AppStateKey?> LoadLatestAppStateKeyAsync(CancellationToken ct) =>
        Read(() => tables.AppStateKeys.Values.MaxBy(k => k.Timestamp), ct);

    /// <inheritdoc/>
    public ValueTask<SentMessage?> LoadSentMessageAsync(Jid chat, string id, CancellationToken ct) =>
        Read(() => tables.SentMessages.GetValueOrDefault(new SentMessageKey(chat, id)), ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SentMessage>> LoadUnacknowledgedAsync(DateTimeOffset since, int limit, CancellationToken ct) =>
        Read<IReadOnlyList<SentMessage>>(
            () => [.. tables.SentMessages.Values.Where(m => !m.Acknowledged && m.SentAt >= since).OrderBy(m => m.SentAt).Take(limit)], ct);

    /// <inheritdoc/>
    public ValueTask<RetryState?> LoadRetryAsync(RetryKey key, CancellationToken ct) => Read(() => tables.Retries.GetValueOrDefault(key), ct);

    private ValueTask<T> Read<T>(Func<T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (gate)
            return ValueTask.FromResult(read());
    }

    private static IReadOnlyDictionary<TKey, TValue> Pick<TKey, TValue>(Dictionary<TKey, TValue> all, IReadOnlyCollection<TKey> keys)
        where TKey : notnull
    {
        var found = new Dictionary<TKey, TValue>(keys.Count);
        foreach (var key in keys)
        {
            if (all.TryGetValue(key, out var value))
                found[key] = value;
        }

        return found;
    }
}
