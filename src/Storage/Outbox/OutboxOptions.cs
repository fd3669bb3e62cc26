namespace Evolution.Storage.Outbox;

/// <summary>The outbox's bounds.</summary>
public sealed record OutboxOptions
{
    /// <summary>Deliveries under way at the same time, per subscriber and instance. Default 16.</summary>
    public int MaxInFlight { get; init; } = 16;

    /// <summary>
    /// Lanes with waiting deliveries that are kept in memory, per subscriber and instance; those beyond wait on disk for room. Default 4,096.
    /// </summary>
    public int MaxLanes { get; init; } = 4096;

    /// <summary>
    /// No retry or rest is longer than this. One that seems to be was noted before the clock was set back, and counts as due: deliveries must not stand
    /// still for as far as the clock went. Default 10 min.
    /// </summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long to wait before a write is tried again that the database refused. Default 1 s.</summary>
    public TimeSpan StorageRetryDelay { get; init; } = TimeSpan.FromSeconds(1);
}
