namespace Evolution.Storage.Instances;

/// <summary>Why a connection ended for good.</summary>
/// <param name="ReasonCode">The server's number.</param>
/// <param name="Object">What was received, as JSON text.</param>
/// <param name="At">When.</param>
public sealed record Disconnection(int ReasonCode, string? Object, DateTimeOffset At);
