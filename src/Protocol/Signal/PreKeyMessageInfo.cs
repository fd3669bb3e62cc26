namespace Evolution.Protocol.Signal;

/// <summary>What a pre-key message says in clear: which of our keys it needs, and who claims to have written it.</summary>
/// <param name="PreKeyId">Id of our one-time key; null when none was used.</param>
/// <param name="SignedPreKeyId">Id of our signed pre-key.</param>
/// <param name="RegistrationId">The sender's registration id.</param>
/// <param name="IdentityKey">The sender's identity, 32 bytes: compare it with the one known before trusting the message.</param>
/// <param name="BaseKey">The session's name, 32 bytes.</param>
public sealed record PreKeyMessageInfo(
    uint? PreKeyId, uint SignedPreKeyId, uint RegistrationId, ReadOnlyMemory<byte> IdentityKey, ReadOnlyMemory<byte> BaseKey);
