using Evolution.Client.Addressing;
using Evolution.Client.Connection;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages;

/// <summary>What every part of messaging works with.</summary>
internal sealed class MessagingContext(ClientContext client)
{
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(30);

    public AddressBook Addresses { get; } = new(client.Store);

    public WhatsAppClientOptions Options => client.Options;

    public IDeviceStore Store => client.Store;

    public IStanzaChannel Channel => client.Channel;

    public RatchetLocks Ratchets => client.Ratchets;

    public TimeProvider Time => client.Time;

    public ServerClock Clock => client.Clock;

    public BackgroundWork Background => client.Background;

    public AccountSettings Account => client.Account;

    public DeviceState State => client.State;

    public WhatsAppEventHandler Handler => client.Handler;

    public DeviceCredentials Credentials => State.Credentials;

    /// <summary>Our own device.</summary>
    /// <exception cref="WhatsAppException">The device is not paired.</exception>
    public OwnAddress Own
    {
        get
        {
            var credentials = Credentials;
            return new OwnAddress(credentials.Device ?? throw NotPaired(), credentials.Lid);
        }
    }

    /// <summary>The name of our own sender key of a group or of the statuses.</summary>
    /// <exception cref="WhatsAppException">The device is not paired.</exception>
    public SenderKeyName OwnSenderKey(Jid chat)
    {
        var own = Own;
        return new SenderKeyName(chat, (own.Lid ?? own.Device).ToSignalAddress());
    }

    /// <summary>The bytes of <c>device-identity</c> nodes.</summary>
    /// <exception cref="WhatsAppException">The device is not paired.</exception>
    public ReadOnlyMemory<byte> DeviceIdentity => Credentials.Account ?? throw NotPaired();

    /// <summary>The account's privacy settings; asked of the server when the login's own request is still under way or failed.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>> PrivacyAsync(CancellationToken ct)
    {
        if (Account.Privacy.Count == 0)
            await AccountQueries.LoadPrivacyAsync(client, ct).ConfigureAwait(false);
        return Account.Privacy;
    }

    /// <summary>Gives an event that belongs to no stanza to the application, and commits what it adds.</summary>
    public Task PublishAsync(WhatsAppEvent e, CancellationToken ct) => client.PublishAsync(e, ct);

    /// <summary>Adds new pairs of addresses to the write set and tells the application; the caller holds the locks.</summary>
    public async ValueTask LearnAsync(IReadOnlyList<AddressMapping> fresh, DeviceWriteSet writes, CancellationToken ct)
    {
        await Addresses.LearnAsync(fresh, writes, ct).ConfigureAwait(false);
        foreach (var pair in fresh)
            await Handler(new AddressLearned(pair.Phone, pair.Lid), writes, ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Commits what belongs to no stanza. Not cancelled by whoever asked for it, since an interrupted commit would only leave its outcome
    /// unknown; but it has failed when it takes longer than half a minute.
    /// </summary>
    public async ValueTask CommitAsync(DeviceWriteSet writes)
    {
        // In real time, as the disk works.
        using var deadline = new CancellationTokenSource(CommitTimeout);
        await Store.CommitAsync(writes, deadline.Token).ConfigureAwait(false);
    }

    /// <summary>Learns pairs outside any stanza: takes the locks, and commits by itself.</summary>
    public async ValueTask LearnNowAsync(IEnumerable<AddressMapping> pairs, CancellationToken ct)
    {
        var writes = new DeviceWriteSet();
        var fresh = await Addresses.NewOnesAsync(pairs, null, ct).ConfigureAwait(false);
        if (fresh.Count == 0)
            return;
        using (await Ratchets.AcquireAsync(await Addresses.LocksForAsync(fresh, writes, ct).ConfigureAwait(false), ct).ConfigureAwait(false))
        {
            await LearnAsync(fresh, writes, ct).ConfigureAwait(false);
            await CommitAsync(writes).ConfigureAwait(false);
        }
    }

    private static WhatsAppException NotPaired() => new("The device is not paired.");
}
