namespace Evolution.Client;

/// <summary>Why a connection ended.</summary>
/// <param name="Code">
/// The server's number where it gave one (<c>stream:error code</c>, <c>failure reason</c>); else the numbers the ecosystem uses:
/// 408 lost or timed out, 411 phone without multi-device, 428 closed, 440 replaced by another connection (Baileys, <c>DisconnectReason</c>).
/// </param>
/// <param name="Text">A short explanation for an operator.</param>
public sealed record DisconnectReason(int Code, string Text)
{
    /// <summary>The client was stopped by its owner; nothing went wrong.</summary>
    public static DisconnectReason Stopped { get; } = new(428, "stopped");
}
