using System.Runtime.InteropServices;

namespace Evolution.Client.Connection;

/// <summary>The reconnect policy's answer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReconnectDecision(ReconnectAction Action, TimeSpan Delay = default);
