namespace Evolution.CrashHost;

/// <summary>Where the gateway stops.</summary>
internal enum StopPoint
{
    /// <summary>A message from a phone is decrypted; nothing of it is stored.</summary>
    Decrypted,

    /// <summary>A message from a phone is stored; it is not acknowledged.</summary>
    Committed,
}
