namespace Evolution.Storage.Outbox;

/// <summary>
/// A delivery to make now. Its lane waits until it is completed, rescheduled or given up.
/// </summary>
public sealed record ClaimedDelivery
{
    internal ClaimedDelivery(long sequence, DeliveryLane place)
    {
        Sequence = sequence;
        Place = place;
    }

    /// <summary>Who gets it.</summary>
    public required string Subscriber { get; init; }

    public required string InstanceId { get; init; }

    public required string InstanceName { get; init; }

    /// <summary>The chat whose events stay in order; empty for events without one.</summary>
    public required string Lane { get; init; }

    /// <summary>The event's UUID.</summary>
    public required string EventId { get; init; }

    /// <summary>The event's name.</summary>
    public required string Name { get; init; }

    /// <summary>The body, as UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>See <see cref="AppendEvent.Trace"/>.</summary>
    public string? Trace { get; init; }

    internal long Sequence { get; }

    internal DeliveryLane Place { get; }
}
