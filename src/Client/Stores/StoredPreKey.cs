using Evolution.Protocol.Signal;

namespace Evolution.Client.Stores;

/// <summary>A one-time pre-key to be kept.</summary>
/// <param name="Key">The key.</param>
/// <param name="Published">True when it leaves by another way than the upload, as in a retry receipt, so that it is never uploaded.</param>
public sealed record StoredPreKey(PreKey Key, bool Published);
