using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Tests.Messages;

/// <summary>A store whose commits a test can watch and make fail.</summary>
internal sealed class WatchedStore(IDeviceStore store, Action<DeviceWriteSet> onCommit) : IDeviceStore
{
    public ValueTask CommitAsync(DeviceWriteSet writes, CancellationToken ct)
    {
        onCommit(writes);
        return store.CommitAsync(writes, ct);
    }

    public ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken ct) => store.LoadCredentialsAsync(ct);

    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadSessionsAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        store.LoadSessionsAsync(addresses, ct);

    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadIdentitiesAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        store.LoadIdentitiesAsync(addresses, ct);

    public ValueTask<IReadOnlyList<SignalAddress>> FindSessionsAsync(string signalName, CancellationToken ct) => store.FindSessionsAsync(signalName, ct);

    public ValueTask<IReadOnlyDictionary<uint, PreKey>> LoadPreKeysAsync(IReadOnlyCollection<uint> ids, CancellationToken ct) =>
        store.LoadPreKeysAsync(ids, ct);

    public ValueTask<PreKeyInventory> LoadPreKeyInventoryAsync(CancellationToken ct) => store.LoadPreKeyInventoryAsync(ct);

    public ValueTask<SignedPreKey?> LoadSignedPreKeyAsync(uint id, CancellationToken ct) => store.LoadSignedPreKeyAsync(id, ct);

    public ValueTask<byte[]?> LoadSenderKeyAsync(SenderKeyName name, CancellationToken ct) => store.LoadSenderKeyAsync(name, ct);

    public ValueTask<IReadOnlyDictionary<Jid, bool>> LoadSenderKeyRecipientsAsync(Jid group, CancellationToken ct) => store.LoadSenderKeyRecipientsAsync(group, ct);

    public ValueTask<AppStateKey?> LoadAppStateKeyAsync(ReadOnlyMemory<byte> id, CancellationToken ct) => store.LoadAppStateKeyAsync(id, ct);

    public ValueTask<AppStateKey?> LoadLatestAppStateKeyAsync(CancellationToken ct) => store.LoadLatestAppStateKeyAsync(ct);

    public ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadLidsAsync(IReadOnlyCollection<Jid> phones, CancellationToken ct) => store.LoadLidsAsync(phones, ct);

    public ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadPhonesAsync(IReadOnlyCollection<Jid> lids, CancellationToken ct) => store.LoadPhonesAsync(lids, ct);

    public ValueTask<IReadOnlyDictionary<Jid, DeviceList>> LoadDeviceListsAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        store.LoadDeviceListsAsync(users, ct);

    public ValueTask<IReadOnlyDictionary<Jid, TrustedContactToken>> LoadTrustedContactTokensAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        store.LoadTrustedContactTokensAsync(users, ct);

    public ValueTask<SentMessage?> LoadSentMessageAsync(Jid chat, string id, CancellationToken ct) => store.LoadSentMessageAsync(chat, id, ct);

    public ValueTask<IReadOnlyList<SentMessage>> LoadUnacknowledgedAsync(DateTimeOffset since, int limit, CancellationToken ct) =>
        store.LoadUnacknowledgedAsync(since, limit, ct);

    public ValueTask<RetryState?> LoadRetryAsync(RetryKey key, CancellationToken ct) => store.LoadRetryAsync(key, ct);
}
