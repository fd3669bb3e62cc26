using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Signal;

/// <summary>What a device is to others: its long-lived key pair and its registration id (14 bits, made once).</summary>
public sealed record IdentityKeys(KeyPair KeyPair, uint RegistrationId);
