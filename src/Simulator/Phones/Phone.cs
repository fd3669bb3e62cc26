using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Pairing;
using Evolution.Simulator.Store;
using Account = Evolution.Simulator.Accounts.Account;

namespace Evolution.Simulator.Phones;

/// <summary>
/// A simulated phone: the primary device of an account. It reads what it gets with keys of its own, confirms delivery while it is online, and
/// does the rest when told. Everything it knows survives a restart.
/// </summary>
public sealed class Phone
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly SimulatedWorld _world;
    private readonly PhoneInbox _inbox;
    private long _undecryptable;

    internal Phone(SimulatedWorld world, Account account, PhoneKeys keys, bool online)
    {
        _world = world;
        Account = account;
        Keys = keys;
        Online = online;
        Messages = new PhoneMessages(world, account.Number);
        Cipher = new PhoneCipher(world, Device, keys);
        Outbox = new PhoneOutbox(world, Device, Cipher, Messages);
        Peers = new PhonePeers(world, this);
        Companions = new PhoneCompanions(world, this);
        Reuploads = new PhoneReuploads(world, Messages);
        Calls = new PhoneCalls(world, this);
        Profile = new PhoneProfile(world, this);
        _inbox = new PhoneInbox(world, this);
    }

    /// <summary>Digits of the phone number.</summary>
    public string Number => Account.Number;

    public string Name => Account.Name;

    public Jid Jid => Account.PhoneJid;

    public Jid Lid => Account.LidJid;

    /// <summary>Whether the phone has a network. Offline it neither reads nor confirms; what is sent to it waits.</summary>
    public bool Online { get; private set; }

    /// <summary>How often a message could not be decrypted.</summary>
    public long Undecryptable => Interlocked.Read(ref _undecryptable);

    internal Account Account { get; }

    internal Device Device => Account.Primary;

    internal PhoneKeys Keys { get; }

    internal PhoneCipher Cipher { get; }

    internal PhoneMessages Messages { get; }

    internal PhoneOutbox Outbox { get; }

    internal PhonePeers Peers { get; }

    internal PhoneCompanions Companions { get; }

    internal PhoneReuploads Reuploads { get; }

    /// <summary>The calls it makes.</summary>
    public PhoneCalls Calls { get; }

    /// <summary>What the person shows of himself.</summary>
    public PhoneProfile Profile { get; }

    /// <summary>The linked devices.</summary>
    public IReadOnlyList<LinkedDevice> Devices() => [.. Account.Companions().Select(d => new LinkedDevice(d.Number, d.PhoneJid, d.Platform, d.Connection is { Device: not null }, d.LastSeen))];

    /// <summary>Links the companion that shows this QR text and waits until it has logged in and asked for its messages.</summary>
    /// <param name="qr">With or without the URL in front.</param>
    /// <param name="wait">How long the companion may take to come back; null is 20 s.</param>
    /// <returns>Address of the new device.</returns>
    /// <exception cref="PairingFailedException">The failure says what to do.</exception>
    public Task<Jid> ScanAsync(string qr, TimeSpan? wait = null, CancellationToken ct = default) =>
        Companions.LinkAsync(() => _world.Pairing.ScanAsync(Account, qr, _world.Stopping), wait ?? s_patience, ct);

    /// <summary>Links the companion that waits for this phone's number with the eight-character code, dash or not.</summary>
    /// <inheritdoc cref="ScanAsync"/>
    public Task<Jid> LinkCodeAsync(string code, TimeSpan? wait = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        var bare = code.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
        return Companions.LinkAsync(() => _world.Pairing.EnterCodeAsync(Account, bare, _world.Stopping), PairingDesk.HelloGrace + (wait ?? s_patience), ct);
    }

    /// <summary>Sends a text. On return it is stored and queued for every device concerned.</summary>
    /// <param name="to">A number, a phone JID, a LID, a group's JID, or <c>status</c> for all contacts.</param>
    /// <returns>The message id.</returns>
    /// <exception cref="ArgumentException">Nobody has this number, or there is no such group.</exception>
    /// <exception cref="InvalidOperationException">The phone is offline.</exception>
    public Task<string> SendTextAsync(string to, string text, OutgoingMessage? how = null) =>
        SendAsync(to, new Message { Conversation = text }, how);

    /// <summary>Sends any message.</summary>
    /// <inheritdoc cref="SendTextAsync"/>
    public Task<string> SendAsync(string to, Message content, OutgoingMessage? how = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(content);
        RequireOnline();
        var chat = Resolve(to);
        if (chat.Group?.Has(Account) == false)
            throw new InvalidOperationException("The phone is not in this group.");
        return Outbox.SendAsync(chat, content, how ?? new OutgoingMessage());
    }

    /// <summary>Confirms messages as read (or played) to who wrote them, unless the person keeps that to himself, and to the own companions.</summary>
    /// <param name="chat">A number, a phone JID, a LID, a group's JID or <c>status</c>.</param>
    public async Task ReadAsync(string chat, IReadOnlyList<string> ids, bool played = false)
    {
        ArgumentNullException.ThrowIfNull(chat);
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfZero(ids.Count, nameof(ids));
        RequireOnline();
        var target = Resolve(chat);
        var lid = target.Group?.ByLid ?? (Account.Settings.AddressByLid || (Jid.TryParse(chat, out var jid) && jid.IsLid));
        var type = played ? "played" : target.Person is not null && Account.Settings.Privacy.GetValueOrDefault("readreceipts") == "none" ? "read-self" : "read";
        var writes = new Writes();
        // In a group every author gets a receipt of his own.
        foreach (var byAuthor in ids.GroupBy(id => target.Person is null ? Messages.Find(id)?.Sender : null))
        {
            var author = byAuthor.Key is { } number ? _world.Directory.FindNumber(number)?.Jid(lid) : null;
            Outbox.Receipt(writes, target.Jid(lid), type, [.. byAuthor], author);
        }

        await _world.Store.CommitAsync(writes).ConfigureAwait(false);
    }

    /// <summary>Available or not, for who subscribed.</summary>
    public void SetAvailable(bool available) => _world.Presence.SetPhone(Account, available);

    /// <summary>Tells somebody, or a group, that this person is "composing", "recording" or has "paused".</summary>
    public void SetChatstate(string to, string state)
    {
        var chat = Resolve(to);
        if (chat is { Person: null, Group: null })
            throw new ArgumentException("Only people and groups see whether somebody types.", nameof(to));
        var body = state == "recording" ? new Node("composing", new NodeAttributes { { "media", "audio" } }) : new Node(state);
        _world.Presence.Chatstate(Device, new Node("chatstate", new NodeAttributes { { "to", chat.Jid(Account.Settings.AddressByLid) } }, [body]));
    }

    /// <summary>What this phone has, oldest first, at most 1,000.</summary>
    /// <param name="after">Only messages with a higher <see cref="PhoneMessage.Seq"/>.</param>
    /// <param name="from">Only what this number wrote.</param>
    public IReadOnlyList<PhoneMessage> MessagesAfter(long after = 0, string? from = null) => Messages.After(after, from);

    /// <summary>The message with this id; null when the phone has none.</summary>
    public PhoneMessage? FindMessage(string id) => Messages.Find(id);

    /// <summary>Waits until the phone has a message that fits.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public Task<PhoneMessage> WaitForMessageAsync(Func<PhoneMessage, bool> fits, TimeSpan? limit = null, long after = 0, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(fits);
        return Messages.WaitAsync(fits, limit ?? s_patience, after, ct);
    }

    /// <summary>Ends at the next change of this phone's messages or receipts; take it before looking.</summary>
    public Task NextChange() => Messages.Changed;

    /// <summary>Loses the network.</summary>
    public async Task GoOfflineAsync()
    {
        Online = false;
        Stop();
        await SaveOnlineAsync().ConfigureAwait(false);
    }

    /// <summary>Finds the network again and works off what waits.</summary>
    public async Task GoOnlineAsync()
    {
        Online = true;
        await SaveOnlineAsync().ConfigureAwait(false);
        Start();
        foreach (var device in Account.Companions().Where(d => !d.Bootstrapped && d.Activated.Task.IsCompleted))
            await Companions.BootstrapAsync(device, _world.Stopping).ConfigureAwait(false);
    }

    /// <summary>Unlinks a companion.</summary>
    /// <returns>False when there is none with this number.</returns>
    public async Task<bool> RemoveDeviceAsync(ushort number)
    {
        if (number == 0 || Account.Find(number) is not { } device)
            return false;
        await _world.Links.RemoveAsync(device).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// The person takes a new phone: another identity under the same number, all companions unlinked, all sessions gone. The companions of
    /// contacts are told that the identity changed.
    /// </summary>
    public async Task ReRegisterAsync()
    {
        foreach (var companion in Account.Companions())
            await _world.Links.RemoveAsync(companion).ConfigureAwait(false);
        var writes = new Writes();
        await Cipher.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            Account.SigningKey = KeyPair.Generate();
            Device.RegistrationId = (uint)RandomNumberGenerator.GetInt32(1, 16381);
            Keys.Renew(writes);
            Cipher.DeleteAll(writes);
            _world.Links.AnnounceIdentity(writes, Account);
            await _world.Store.CommitAsync(writes).ConfigureAwait(false);
        }
        finally
        {
            Cipher.Gate.Release();
        }
    }

    /// <summary>Whether this phone's messages are addressed by LID unless one says otherwise.</summary>
    public async Task SetAddressingAsync(bool byLid)
    {
        Account.Settings.AddressByLid = byLid;
        var writes = new Writes();
        AccountRows.Save(writes, Account);
        await _world.Store.CommitAsync(writes).ConfigureAwait(false);
    }

    /// <summary>Forgets the session with a device, so that its next message must be asked for again.</summary>
    public Task ForgetSessionAsync(Jid device) => ForgetAsync(device, Cipher.Delete);

    /// <summary>Forgets the sender key that a device gave for a group, so that its next message must be asked for again.</summary>
    public Task ForgetSenderKeyAsync(Jid group, Jid device) => ForgetAsync(device, (writes, target) => Cipher.SenderKeys.Forget(writes, group.ToString(), target));

    internal void Start()
    {
        if (Online)
            Device.Queue.Attach(_inbox, _inbox.Feed);
    }

    /// <summary>Takes no more stanzas.</summary>
    internal void Stop() => Device.Queue.Detach(_inbox);

    internal void CountUndecryptable() => Interlocked.Increment(ref _undecryptable);

    private async Task ForgetAsync(Jid device, Action<Writes, Device> forget)
    {
        var target = _world.Directory.FindDevice(device) ?? throw new ArgumentException("No such device.", nameof(device));
        var writes = new Writes();
        await Cipher.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            forget(writes, target);
            await _world.Store.CommitAsync(writes).ConfigureAwait(false);
        }
        finally
        {
            Cipher.Gate.Release();
        }
    }

    private PhoneChat Resolve(string to) => PhoneChat.Find(_world, to)
        ?? throw new ArgumentException("Nobody has this number, and no group this JID. Make a phone or group for it first.", nameof(to));

    private void RequireOnline()
    {
        if (!Online)
            throw new InvalidOperationException("The phone is offline.");
    }

    private async Task SaveOnlineAsync()
    {
        var writes = new Writes();
        AccountRows.SaveOnline(writes, Account, Online);
        await _world.Store.CommitAsync(writes).ConfigureAwait(false);
    }
}
