using System.Runtime.InteropServices;

namespace Evolution.Client.Connection;

/// <summary>What came before, as far as the next decision depends on it.</summary>
/// <param name="Attempt">Failed connections in a row; 0 when the one that ended was stable.</param>
/// <param name="Restarts">Restarts without waiting since the last stable connection.</param>
/// <param name="VersionRefreshed">Whether the version was refreshed since the last login.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReconnectHistory(int Attempt, int Restarts, bool VersionRefreshed);
