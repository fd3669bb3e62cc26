namespace Evolution.Storage.Outbox;

/// <summary>The waiting deliveries of one chat for one subscriber: the head, a few that follow, and whether more are on disk.</summary>
internal sealed class DeliveryLane(DeliveryGroup group, string name)
{
    /// <summary>Deliveries kept in memory behind the head; ids only, never bodies.</summary>
    public const int MaxFollowing = 16;

    public DeliveryGroup Group { get; } = group;

    public string Name { get; } = name;

    public PendingDelivery Head { get; set; }

    /// <summary>What comes after the head, oldest first. Incomplete when <see cref="HasMoreOnDisk"/>.</summary>
    public Queue<PendingDelivery> Following { get; } = new();

    public bool HasMoreOnDisk { get; set; }

    public bool IsInFlight { get; set; }

    /// <summary>Whether the lane was dropped with its instance while a delivery was under way.</summary>
    public bool IsDropped { get; set; }

    public void Append(long sequence)
    {
        if (!HasMoreOnDisk && Following.Count < MaxFollowing)
            Following.Enqueue(new PendingDelivery(sequence, 0, 0));
        else
            HasMoreOnDisk = true;
    }

    /// <summary>Forgets what follows the head; it is read from disk when its turn comes.</summary>
    public void LeaveRestOnDisk()
    {
        Following.Clear();
        HasMoreOnDisk = true;
    }
}
