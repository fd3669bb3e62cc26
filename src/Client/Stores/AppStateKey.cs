namespace Evolution.Client.Stores;

/// <summary>A key the phone shares for the app-state collections (<c>AppStateSyncKey</c>).</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Data">32 bytes of key material.</param>
/// <param name="Fingerprint">The serialised <c>AppStateSyncKeyFingerprint</c>; empty when none came.</param>
/// <param name="Timestamp">When the phone made the key.</param>
public sealed record AppStateKey(byte[] Id, byte[] Data, byte[] Fingerprint, DateTimeOffset Timestamp);
