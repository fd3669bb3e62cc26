namespace Evolution.Storage.Outbox;

/// <summary>A delivery that was given up, with what it would have delivered.</summary>
public sealed record DeadLetterRow
{
    public required long Id { get; init; }

    /// <summary>The event's UUID.</summary>
    public required string EventId { get; init; }

    public required string Subscriber { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>The event's name.</summary>
    public required string Name { get; init; }

    public required string Lane { get; init; }

    /// <summary>Attempts made.</summary>
    public required int Attempts { get; init; }

    /// <summary>What the last attempt met.</summary>
    public required string LastError { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DiedAt { get; init; }

    /// <summary>The body, as UTF-8 JSON.</summary>
    public required byte[] Body { get; init; }
}
