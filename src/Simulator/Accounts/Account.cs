using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;

namespace Evolution.Simulator.Accounts;

/// <summary>One person: a phone number, its hidden id, the phone (device 0) and what is linked to it.</summary>
internal sealed class Account(string number, string lidUser, string name)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ushort, Device> _devices = [];

    /// <summary>The phone number's digits.</summary>
    public string Number { get; } = number;

    /// <summary>User part of the LID.</summary>
    public string LidUser { get; } = lidUser;

    public string Name { get; set; } = name;

    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Identity of the phone; it also signs the identities of the linked devices (ADV).</summary>
    public required KeyPair SigningKey { get; set; }

    /// <summary>Set of devices this account's ADV structures speak of.</summary>
    public required uint RawId { get; init; }

    /// <summary>Key id (6 bytes) and key (32 bytes) of the app state, shared with every linked device.</summary>
    public required byte[] AppStateKey { get; init; }

    public AccountSettings Settings { get; init; } = new();

    /// <summary>Numbers this account has written with; they hear of its devices.</summary>
    public ContactSet Contacts { get; } = new();

    /// <summary>Held while a companion's app-state request is answered.</summary>
    public SemaphoreSlim AppStateGate { get; } = new(1, 1);

    public ushort NextDevice { get; set; } = 1;

    public Jid PhoneJid { get; } = Evolution.Protocol.Jids.Jid.ForPhone(number);

    public Jid LidJid { get; } = Evolution.Protocol.Jids.Jid.ForLid(lidUser);

    public Device Primary => Find(0) ?? throw new InvalidOperationException("The account has no phone.");

    /// <summary>The account's address in the form that <paramref name="lid"/> asks for.</summary>
    public Jid Jid(bool lid) => lid ? LidJid : PhoneJid;

    public bool HasBlocked(Account other) => Settings.Blocked.Contains(other.Number);

    public Device? Find(ushort number)
    {
        lock (_gate)
            return _devices.GetValueOrDefault(number);
    }

    public Device[] Devices()
    {
        lock (_gate)
            return [.. _devices.Values];
    }

    public IEnumerable<Device> Companions() => Devices().Where(d => d.Number != 0);

    public void Add(Device device)
    {
        lock (_gate)
            _devices[device.Number] = device;
    }

    public void Remove(Device device)
    {
        lock (_gate)
            _devices.Remove(device.Number);
    }

    /// <summary>Takes the number of the next linked device; numbers are never used twice.</summary>
    public ushort TakeDeviceNumber()
    {
        lock (_gate)
            return NextDevice++;
    }
}
