namespace Evolution.Protocol.Signal;

/// <summary>What a device publishes so that others can start a session while it is away. Keys are 32 bytes, the signature 64.</summary>
/// <param name="RegistrationId">The device's registration id.</param>
/// <param name="IdentityKey">The device's identity.</param>
/// <param name="SignedPreKeyId">Id of the signed pre-key.</param>
/// <param name="SignedPreKey">The signed pre-key.</param>
/// <param name="SignedPreKeySignature">Its signature by the identity.</param>
/// <param name="PreKeyId">Id of the one-time key; null when the server had none left.</param>
/// <param name="PreKey">The one-time key; null together with its id.</param>
public sealed record PreKeyBundle(
    uint RegistrationId,
    ReadOnlyMemory<byte> IdentityKey,
    uint SignedPreKeyId,
    ReadOnlyMemory<byte> SignedPreKey,
    ReadOnlyMemory<byte> SignedPreKeySignature,
    uint? PreKeyId,
    ReadOnlyMemory<byte>? PreKey);
