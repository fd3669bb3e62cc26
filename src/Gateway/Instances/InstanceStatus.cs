namespace Evolution.Gateway.Instances;

/// <summary>Where an instance stands with WhatsApp, and why.</summary>
/// <param name="State">The state clients see.</param>
/// <param name="ReasonCode">Code of the last disconnection, null when there was none.</param>
/// <param name="Reason">The last disconnection in words.</param>
/// <param name="Attempt">How many tries in a row have failed.</param>
/// <param name="NextTryAt">When the next one starts; null when none is planned or one is under way.</param>
internal sealed record InstanceStatus(ConnectionState State, int? ReasonCode, string? Reason, int Attempt, DateTimeOffset? NextTryAt)
{
    public static InstanceStatus Closed { get; } = new(ConnectionState.Close, null, null, 0, null);
}
