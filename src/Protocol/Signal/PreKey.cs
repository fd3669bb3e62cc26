using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Signal;

/// <summary>A one-time pre-key. Ids travel in three bytes.</summary>
public sealed record PreKey(uint Id, KeyPair KeyPair);
