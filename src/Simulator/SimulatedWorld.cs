using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Groups;
using Evolution.Simulator.Iq;
using Evolution.Simulator.Media;
using Evolution.Simulator.Pairing;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Relay;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;
using Microsoft.Extensions.Logging;

namespace Evolution.Simulator;

/// <summary>Everybody and everything in the simulator: the phones to act with, and what clients did wrong.</summary>
public sealed class SimulatedWorld : IDisposable
{
    private readonly ConcurrentDictionary<string, Phone> _phones = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private long _messageSeq;

    internal SimulatedWorld(SimulatorOptions options, SimulatorStore store, ServerKeys keys)
    {
        Options = options;
        Store = store;
        Keys = keys;
        Log = options.Loggers.CreateLogger("Evolution.Simulator");
        Background = new BackgroundTasks(Log);
        Violations = new ViolationList(options.Time, Log);
        Mail = new Mailroom(store);
        KnownIds = new KnownIds(store);
        Router = new StanzaRouter(this);
        Login = new LoginDesk(this);
        Pairing = new PairingDesk(this);
        Links = new DeviceLinks(this);
        Settings = new PersonalSettings(this);
        GroupDesk = new GroupDesk(this);
        Messages = new MessageRelay(this);
        Receipts = new ReceiptRelay(this);
        Presence = new PresenceRelay(this);
        Calls = new CallRelay(this);
        Iqs = new IqTable(this);
        Media = new MediaHost(this);
    }

    /// <summary>What clients did that they must not do.</summary>
    public ViolationList Violations { get; }

    /// <summary>Every phone there is.</summary>
    public IReadOnlyCollection<Phone> Phones => [.. _phones.Values];

    internal SimulatorOptions Options { get; }

    internal SimulatorStore Store { get; }

    internal ServerKeys Keys { get; }

    internal ILogger Log { get; }

    internal TimeProvider Time => Options.Time;

    internal BackgroundTasks Background { get; }

    internal AccountDirectory Directory { get; } = new();

    internal GroupDirectory Groups { get; } = new();

    internal GroupDesk GroupDesk { get; }

    internal Mailroom Mail { get; }

    internal KnownIds KnownIds { get; }

    internal StanzaRouter Router { get; }

    internal LoginDesk Login { get; }

    internal PairingDesk Pairing { get; }

    internal DeviceLinks Links { get; }

    internal PersonalSettings Settings { get; }

    internal MessageRelay Messages { get; }

    internal ReceiptRelay Receipts { get; }

    internal PresenceRelay Presence { get; }

    internal CallRelay Calls { get; }

    internal IqTable Iqs { get; }

    internal MediaHost Media { get; }

    /// <summary>Sees, changes or stops every stanza; null lets all pass.</summary>
    internal IStanzaInterceptor? Interceptor { get; set; }

    /// <summary>Host and port of the media host, as media_conn names it.</summary>
    internal string MediaHostName { get; set; } = "";

    /// <summary>Ends when the simulator stops.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>A phone with a new account.</summary>
    /// <param name="number">7 to 15 digits.</param>
    /// <param name="name">Push name; null takes "Phone " and the last four digits.</param>
    /// <param name="lid">User part of the LID; null makes one.</param>
    /// <param name="past">Chats it already has; null for none.</param>
    /// <exception cref="ArgumentException">The number or LID is malformed or taken.</exception>
    public async Task<Phone> CreatePhoneAsync(string number, string? name = null, string? lid = null, PastSpec? past = null)
    {
        ArgumentNullException.ThrowIfNull(number);
        if (number.Length is < 7 or > 15 || !number.All(char.IsAsciiDigit))
            throw new ArgumentException("A number is 7 to 15 digits, country code first, without +.", nameof(number));
        if (lid is not null && (lid.Length is < 5 or > 20 || !lid.All(char.IsAsciiDigit)))
            throw new ArgumentException("A LID is 5 to 20 digits.", nameof(lid));

        var account = new Account(number, lid ?? MakeLid(), name ?? "Phone " + number[^4..])
        {
            RegisteredAt = Time.GetUtcNow(),
            SigningKey = KeyPair.Generate(),
            RawId = BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(4)) >> 1,
            AppStateKey = RandomNumberGenerator.GetBytes(38),
        };
        var signedPreKey = SignedPreKey.Create(1, account.SigningKey);
        var device = new Device(account, 0)
        {
            RegistrationId = (uint)RandomNumberGenerator.GetInt32(1, 16381),
            Identity = account.SigningKey.PublicKey,
            SignedPreKey = new PublicSignedPreKey(signedPreKey.Id, signedPreKey.KeyPair.PublicKey, signedPreKey.Signature),
            Platform = "android",
            LinkedAt = account.RegisteredAt,
            Bootstrapped = true,
        };
        account.Add(device);
        if (!Directory.Add(account))
            throw new ArgumentException("This number or LID is taken.", nameof(number));

        var keys = new PhoneKeys(device, signedPreKey);
        var phone = new Phone(this, account, keys, online: true);
        var writes = new Writes();
        AccountRows.Save(writes, account);
        AccountRows.Save(writes, device, signedPreKey.KeyPair.PrivateKey.ToArray());
        if (past is not null)
            MadeUpPast.Add(writes, phone, past, Time.GetUtcNow());
        await Store.CommitAsync(writes).ConfigureAwait(false);
        _phones[number] = phone;
        phone.Start();
        return phone;
    }

    /// <summary>The phone of a number, a phone JID or a LID; null when there is none.</summary>
    public Phone? FindPhone(string numberOrJid)
    {
        ArgumentNullException.ThrowIfNull(numberOrJid);
        if (!numberOrJid.Contains('@', StringComparison.Ordinal))
            return _phones.GetValueOrDefault(numberOrJid);
        return Jid.TryParse(numberOrJid, out var jid) && Directory.Find(jid) is { } account ? _phones.GetValueOrDefault(account.Number) : null;
    }

    /// <summary>Makes a group.</summary>
    /// <param name="creator">Number of its first admin.</param>
    /// <param name="participants">Numbers of the other members.</param>
    /// <param name="byLid">Whether its members are addressed by LID, as in most groups; else by phone number.</param>
    /// <returns>The group's JID.</returns>
    /// <exception cref="ArgumentException">There is no phone with one of the numbers.</exception>
    public async Task<Jid> CreateGroupAsync(string creator, string subject, IEnumerable<string> participants, bool byLid = true) =>
        (await GroupDesk.CreateAsync(Known(creator), subject, [.. participants.Select(Known)], byLid).ConfigureAwait(false)).Jid;

    /// <summary>Takes people into a group or out of it, or changes what they may do; the group's maker does it.</summary>
    /// <param name="action"><c>add</c>, <c>remove</c>, <c>promote</c> or <c>demote</c>.</param>
    /// <exception cref="ArgumentException">There is no such group, or no phone with one of the numbers.</exception>
    public Task ChangeGroupAsync(Jid group, string action, params IEnumerable<string> numbers)
    {
        var found = Groups.Find(group) ?? throw new ArgumentException("There is no such group.", nameof(group));
        return GroupDesk.ChangeAsync(found, found.Creator, action, [.. numbers.Select(Known)]);
    }

    /// <summary>Forgets every account, device, group, message and violation. Connected companions are cut off.</summary>
    public async Task ResetAsync()
    {
        foreach (var connection in Login.Connections)
            connection.Abort("the simulator was reset");
        foreach (var connection in Login.Connections)
            await connection.Ended.ConfigureAwait(false);
        foreach (var phone in _phones.Values)
            phone.Stop();
        await Background.DrainAsync().ConfigureAwait(false);
        var writes = new Writes();
        foreach (var table in Schema.Tables)
            writes.Add("DELETE FROM " + table);
        await Store.CommitAsync(writes).ConfigureAwait(false);
        _phones.Clear();
        Directory.Clear();
        Groups.Clear();
        Pairing.Clear();
        Messages.Clear();
        Presence.Clear();
        Violations.Clear();
    }

    internal Phone PhoneOf(Account account) => _phones[account.Number];

    internal long UnixNow() => Time.GetUtcNow().ToUnixTimeSeconds();

    internal string NewStanzaId() => RandomNumberGenerator.GetHexString(10);

    internal long NextMessageSeq() => Interlocked.Increment(ref _messageSeq);

    /// <summary>Hands out a one-time key; null when the device has none left. A phone makes them by itself, when the first is wanted.</summary>
    internal PublicPreKey? TakePreKey(Device device, Writes writes)
    {
        if (device.Number == 0)
            PhoneOf(device.Account).Keys.Replenish(writes);
        if (device.PreKeys.Take() is not { } key)
            return null;
        AccountRows.HandOut(writes, device, key.Id);
        return key;
    }

    /// <summary>The token by which the server knows that the issuer trusts the other; always the same for the two.</summary>
    internal byte[] TrustedContactToken(Account issuer, Account trusted) =>
        HMACSHA256.HashData(Keys.Root.PrivateKey.Span, Encoding.ASCII.GetBytes($"tc {issuer.Number} {trusted.Number}"))[..16];

    internal void Load()
    {
        _messageSeq = Store.Query("SELECT coalesce(max(seq), 0) FROM messages", row => row.GetInt64(0))[0];
        AccountRows.Load(Store, Directory);
        GroupRows.Load(Store, Groups, Directory);
        Mail.Load(Directory);
        var online = Store.Query("SELECT pn, online FROM accounts", row => (Number: row.GetString(0), Online: row.GetInt64(1) != 0));
        foreach (var (number, isOnline) in online)
        {
            var account = Directory.FindNumber(number)!;
            _phones[number] = new Phone(this, account, PhoneKeys.Load(Store, account.Primary), isOnline);
        }

        foreach (var phone in _phones.Values)
            phone.Start();
    }

    internal async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var connection in Login.Connections)
            await connection.Ended.ConfigureAwait(false);
        await Background.DrainAsync().ConfigureAwait(false);
    }

    void IDisposable.Dispose()
    {
        GroupDesk.Dispose();
        _stopping.Dispose();
    }

    private Account Known(string number) => Directory.FindNumber(number) ?? throw new ArgumentException($"There is no phone with the number {number}.", nameof(number));

    private string MakeLid()
    {
        while (true)
        {
            var lid = "1" + string.Concat(RandomNumberGenerator.GetItems<char>("0123456789", 14));
            if (Directory.Find(Jid.ForLid(lid)) is null)
                return lid;
        }
    }
}
