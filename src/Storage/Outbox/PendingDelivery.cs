using System.Runtime.InteropServices;

namespace Evolution.Storage.Outbox;

/// <summary>A delivery as the schedule knows it.</summary>
/// <param name="Sequence">The event's row.</param>
/// <param name="Attempts">Attempts that failed.</param>
/// <param name="NotBefore">When it may be tried, in milliseconds since 1970.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PendingDelivery(long Sequence, int Attempts, long NotBefore);
