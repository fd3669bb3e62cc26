namespace Evolution.Storage.Outbox;

/// <summary>The lanes of one subscriber and instance.</summary>
internal sealed class DeliveryGroup(string subscriber, string instanceId)
{
    public string Subscriber { get; } = subscriber;

    public string InstanceId { get; } = instanceId;

    public Dictionary<string, DeliveryLane> Lanes { get; } = new(StringComparer.Ordinal);

    /// <summary>Lanes whose head can go now, in the order they became ready.</summary>
    public Queue<DeliveryLane> Ready { get; } = new();

    /// <summary>Lanes whose head waits for its next attempt.</summary>
    public PriorityQueue<DeliveryLane, long> Later { get; } = new();

    public int InFlight { get; set; }

    /// <summary>Deliveries that are made and whose outcome is being written.</summary>
    public int Settling { get; set; }

    public long PausedUntil { get; set; }

    /// <summary>Whether lanes exist on disk that are not in <see cref="Lanes"/>.</summary>
    public bool HasLanesOnDisk { get; set; }

    /// <summary>Whether lanes are being read from disk.</summary>
    public bool IsRefilling { get; set; }
}
