using Evolution.Protocol.Jids;
using Evolution.Simulator.Relay;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Accounts;

/// <summary>One device as the server knows it: its public keys, what waits for it and the connection it has. Number 0 is the phone.</summary>
internal sealed class Device(Account account, ushort number)
{
    public Account Account { get; } = account;

    public ushort Number { get; } = number;

    public uint RegistrationId { get; set; }

    /// <summary>Identity key, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Identity { get; set; }

    /// <summary>Noise static key, 32 bytes; empty for the phone, which needs no socket.</summary>
    public ReadOnlyMemory<byte> NoiseKey { get; init; }

    public required PublicSignedPreKey SignedPreKey { get; set; }

    public PreKeyPool PreKeys { get; } = new();

    /// <summary>Serialized ADVSignedDeviceIdentity with both signatures; null for the phone.</summary>
    public byte[]? Adv { get; set; }

    public uint KeyIndex { get; init; }

    public string Platform { get; init; } = "";

    public DateTimeOffset LinkedAt { get; init; }

    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>Whether the phone has given this companion its app-state key and history.</summary>
    public bool Bootstrapped { get; set; }

    public bool Removed { get; set; }

    public DeliveryQueue Queue { get; } = new();

    /// <summary>The live connection; null while the companion is away, always null for the phone.</summary>
    public ServerConnection? Connection { get; set; }

    /// <summary>Ends when the companion first asked for its messages after this process started.</summary>
    public TaskCompletionSource Activated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Jid PhoneJid => new(Account.Number, JidServers.Phone, Number);

    public Jid LidJid => new(Account.LidUser, JidServers.Lid, Number);

    public Jid Jid(bool lid) => lid ? LidJid : PhoneJid;
}

/// <summary>A signed pre-key as it is handed out.</summary>
internal sealed record PublicSignedPreKey(uint Id, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Signature);

/// <summary>A one-time pre-key as it is handed out.</summary>
internal readonly record struct PublicPreKey(uint Id, ReadOnlyMemory<byte> Key);
