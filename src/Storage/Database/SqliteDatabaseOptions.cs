namespace Evolution.Storage.Database;

/// <summary>Where the database is and how patient it is.</summary>
public sealed record SqliteDatabaseOptions
{
    /// <summary>The database file; its folder must exist. The file is created with mode 0600.</summary>
    public required string Path { get; init; }

    /// <summary>How long a call waits for another process's write lock before <see cref="StorageFailure.Locked"/>. Default 2 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a write waits for room in the writer's queue before <see cref="StorageFailure.Overloaded"/>. Default 10 s.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Write sets that wait for the writer at most; later callers wait for room. Default 4,096.</summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>Connections for reading at the same time. Default 4.</summary>
    public int ReadConnections { get; init; } = 4;
}
