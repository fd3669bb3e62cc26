using System.Security.Cryptography;
using System.Text.Json;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Stores;

/// <summary>A device's keys, and once it is paired, its identity. Losing them means pairing again; leaking them means losing the account's privacy.</summary>
public sealed record DeviceCredentials
{
    /// <summary>Static key of the Noise handshake.</summary>
    public required KeyPair NoiseKey { get; init; }

    /// <summary>Signal identity key and registration id.</summary>
    public required IdentityKeys Identity { get; init; }

    /// <summary>The current signed pre-key. Old ones stay readable through <see cref="ISignalStore.LoadSignedPreKeyAsync"/>.</summary>
    public required SignedPreKey SignedPreKey { get; init; }

    /// <summary>When the current signed pre-key was made.</summary>
    public required DateTimeOffset SignedPreKeyCreatedAt { get; init; }

    /// <summary>The secret (32 bytes) in the QR code, or the one agreed by pairing code; proves that the phone saw it.</summary>
    public required byte[] AdvSecret { get; init; }

    /// <summary>The own device's phone JID; null until paired.</summary>
    public Jid? Device { get; init; }

    /// <summary>The own device's LID, with device.</summary>
    public Jid? Lid { get; init; }

    /// <summary>The account's name as others see it; null until known.</summary>
    public string? PushName { get; init; }

    /// <summary>What the phone runs: <c>android</c>, <c>iphone</c>, <c>smba</c>, <c>smbi</c>.</summary>
    public string? Platform { get; init; }

    /// <summary>The serialised <c>ADVSignedDeviceIdentity</c> with the account's key, as <c>device-identity</c> nodes carry it.</summary>
    public byte[]? Account { get; init; }

    /// <summary>Edge routing the server asked to present at the next connection.</summary>
    public byte[]? RoutingInfo { get; init; }

    /// <summary>The salt for the tokens that stand in for a missing trusted-contact token.</summary>
    public byte[]? NctSalt { get; init; }

    /// <summary>The timestamp of the last <c>account_sync</c> dirty bit, in the server's notation.</summary>
    public string? AccountSyncTimestamp { get; init; }

    /// <summary>Whether a phone has linked this device.</summary>
    public bool IsPaired => Device is not null;

    /// <summary>A new identity, not paired yet.</summary>
    public static DeviceCredentials Create(DateTimeOffset now)
    {
        var identity = KeyPair.Generate();
        return new DeviceCredentials
        {
            NoiseKey = KeyPair.Generate(),
            // The Signal specification's range; every peer accepts it.
            Identity = new IdentityKeys(identity, (uint)RandomNumberGenerator.GetInt32(1, 16381)),
            SignedPreKey = SignedPreKey.Create(1, identity),
            SignedPreKeyCreatedAt = now,
            AdvSecret = RandomNumberGenerator.GetBytes(32),
        };
    }

    /// <summary>The credentials as UTF-8 JSON, for a store to keep (encrypted, where it can).</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(CredentialsDocument.From(this), CredentialsJson.Default.CredentialsDocument);

    /// <summary>Reads what <see cref="ToBytes"/> wrote, in this or an earlier release.</summary>
    /// <exception cref="FormatException">The bytes are no credentials.</exception>
    public static DeviceCredentials Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var document = JsonSerializer.Deserialize(bytes, CredentialsJson.Default.CredentialsDocument);
            return document?.ToCredentials() ?? throw new FormatException("The stored credentials are empty.");
        }
        catch (JsonException e)
        {
            throw new FormatException("The stored credentials can't be read.", e);
        }
    }

    /// <summary>Names the device without showing its number or keys.</summary>
    public override string ToString() => IsPaired ? "paired device" : "unpaired device";
}
