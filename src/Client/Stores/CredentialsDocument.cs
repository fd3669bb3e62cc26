using System.Text.Json.Serialization;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Stores;

/// <summary>The stored form of <see cref="DeviceCredentials"/>. Members are only ever added: every release reads what earlier ones wrote.</summary>
internal sealed record CredentialsDocument
{
    public required byte[] NoiseKey { get; init; }
    public required byte[] IdentityKey { get; init; }
    public required uint RegistrationId { get; init; }
    public required uint SignedPreKeyId { get; init; }
    public required byte[] SignedPreKey { get; init; }
    public required byte[] SignedPreKeySignature { get; init; }
    public required DateTimeOffset SignedPreKeyCreatedAt { get; init; }
    public required byte[] AdvSecret { get; init; }
    public string? Device { get; init; }
    public string? Lid { get; init; }
    public string? PushName { get; init; }
    public string? Platform { get; init; }
    public byte[]? Account { get; init; }
    public byte[]? RoutingInfo { get; init; }
    public byte[]? NctSalt { get; init; }
    public string? AccountSyncTimestamp { get; init; }

    public static CredentialsDocument From(DeviceCredentials c) => new()
    {
        NoiseKey = c.NoiseKey.PrivateKey.ToArray(),
        IdentityKey = c.Identity.KeyPair.PrivateKey.ToArray(),
        RegistrationId = c.Identity.RegistrationId,
        SignedPreKeyId = c.SignedPreKey.Id,
        SignedPreKey = c.SignedPreKey.KeyPair.PrivateKey.ToArray(),
        SignedPreKeySignature = c.SignedPreKey.Signature.ToArray(),
        SignedPreKeyCreatedAt = c.SignedPreKeyCreatedAt,
        AdvSecret = c.AdvSecret,
        Device = c.Device?.ToString(),
        Lid = c.Lid?.ToString(),
        PushName = c.PushName,
        Platform = c.Platform,
        Account = c.Account,
        RoutingInfo = c.RoutingInfo,
        NctSalt = c.NctSalt,
        AccountSyncTimestamp = c.AccountSyncTimestamp,
    };

    public DeviceCredentials ToCredentials() => new()
    {
        NoiseKey = KeyPair.FromPrivate(NoiseKey),
        Identity = new IdentityKeys(KeyPair.FromPrivate(IdentityKey), RegistrationId),
        SignedPreKey = new SignedPreKey(SignedPreKeyId, KeyPair.FromPrivate(SignedPreKey), SignedPreKeySignature),
        SignedPreKeyCreatedAt = SignedPreKeyCreatedAt,
        AdvSecret = AdvSecret,
        Device = Device is null ? null : Jid.Parse(Device),
        Lid = Lid is null ? null : Jid.Parse(Lid),
        PushName = PushName,
        Platform = Platform,
        Account = Account,
        RoutingInfo = RoutingInfo,
        NctSalt = NctSalt,
        AccountSyncTimestamp = AccountSyncTimestamp,
    };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CredentialsDocument))]
internal sealed partial class CredentialsJson : JsonSerializerContext;
