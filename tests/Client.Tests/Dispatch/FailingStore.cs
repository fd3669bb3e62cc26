using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Tests.Dispatch;

/// <summary>The in-memory store with a switch that makes commits fail.</summary>
internal sealed class FailingStore : IDeviceStore
{
    private readonly InMemoryDeviceStore inner = new(_ => { });

    public bool Fail { get; set; }

    /// <summary>The write happens, and yet the commit fails: as when the answer is lost.</summary>
    public bool FailAfterWriting { get; set; }

    public bool Fenced { get; set; }

    public int Commits { get; set; }

    public int Loads { get; private set; }

    public async ValueTask CommitAsync(DeviceWriteSet writes, CancellationToken ct)
    {
        Commits++;
        if (Fenced)
            throw new FencedException();
        if (Fail)
            throw new IOException("disk full");
        await inner.CommitAsync(writes, ct);
        if (FailAfterWriting)
            throw new IOException("the answer was lost");
    }

    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadSessionsAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct)
    {
        Loads++;
        return inner.LoadSessionsAsync(addresses, ct);
    }

    public ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken ct) => inner.LoadCredentialsAsync(ct);

    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadIdentitiesAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) => inner.LoadIdentitiesAsync(addresses, ct);

    public ValueTask<IReadOnlyList<SignalAddress>> FindSessionsAsync(string signalName, CancellationToken ct) => inner.FindSessionsAsync(signalName, ct);

    public ValueTask<IReadOnlyDictionary<uint, PreKey>> LoadPreKeysAsync(IReadOnlyCollection<uint> ids, CancellationToken ct) => inner.LoadPreKeysAsync(ids, ct);

    public ValueTask<PreKeyInventory> LoadPreKeyInventoryAsync(CancellationToken ct) => inner.LoadPreKeyInventoryAsync(ct);

    public ValueTask<SignedPreKey?> LoadSignedPreKeyAsync(uint id, CancellationToken ct) => inner.LoadSignedPreKeyAsync(id, ct);

    public ValueTask<byte[]?> LoadSenderKeyAsync(SenderKeyName name, CancellationToken ct) => inner.LoadSenderKeyAsync(name, ct);

    public ValueTask<IReadOnlyDictionary<Jid, bool>> LoadSenderKeyRecipientsAsync(Jid group, CancellationToken ct) => inner.LoadSenderKeyRecipientsAsync(group, ct);

    public ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadLidsAsync(IReadOnlyCollection<Jid> phones, CancellationToken ct) => inner.LoadLidsAsync(phones, ct);

    public ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadPhonesAsync(IReadOnlyCollection<Jid> lids, CancellationToken ct) => inner.LoadPhonesAsync(lids, ct);

    public ValueTask<IReadOnlyDictionary<Jid, DeviceList>> LoadDeviceListsAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) => inner.LoadDeviceListsAsync(users, ct);

    public ValueTask<IReadOnlyDictionary<Jid, TrustedContactToken>> LoadTrustedContactTokensAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) => inner.LoadTrustedContactTokensAsync(users, ct);

    public ValueTask<AppStateKey?> LoadAppStateKeyAsync(ReadOnlyMemory<byte> id, CancellationToken ct) => inner.LoadAppStateKeyAsync(id, ct);

    public ValueTask<AppStateKey?> LoadLatestAppStateKeyAsync(CancellationToken ct) => inner.LoadLatestAppStateKeyAsync(ct);

    public ValueTask<SentMessage?> LoadSentMessageAsync(Jid chat, string id, CancellationToken ct) => inner.LoadSentMessageAsync(chat, id, ct);

    public ValueTask<IReadOnlyList<SentMessage>> LoadUnacknowledgedAsync(DateTimeOffset since, int limit, CancellationToken ct) => inner.LoadUnacknowledgedAsync(since, limit, ct);

    public ValueTask<RetryState?> LoadRetryAsync(RetryKey key, CancellationToken ct) => inner.LoadRetryAsync(key, ct);
}
