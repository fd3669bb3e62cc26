using System.Runtime.InteropServices;

namespace Evolution.Storage.Outbox;

/// <summary>
/// Which delivery goes next: the heads of the lanes, in memory. The disk is the truth; this holds ids and times only and is bounded, whatever
/// piles up there. Everything that adds runs on the writer's thread after the commit, so that a read inside a transaction and the
/// changes that follow it can't miss each other.
/// </summary>
internal sealed class DeliverySchedule(OutboxOptions options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<GroupKey, DeliveryGroup> groups = [];
    private readonly List<DeliveryGroup> turns = [];
    private int turn;
    private bool loaded;

    /// <summary>Called when something may have become deliverable; must not block.</summary>
    public required Action Wake { get; init; }

    /// <summary>A delivery was committed.</summary>
    public void Add(string subscriber, string instanceId, string laneName, long sequence)
    {
        lock (gate)
        {
            if (!loaded)
                return;
            var group = GroupOf(subscriber, instanceId);
            if (group.Lanes.TryGetValue(laneName, out var lane))
                lane.Append(sequence);
            else if (group.HasLanesOnDisk || group.Lanes.Count >= options.MaxLanes)
                group.HasLanesOnDisk = true;
            else
                Open(group, laneName, new PendingDelivery(sequence, 0, 0), now: 0, hasMore: false);
        }

        Wake();
    }

    /// <summary>A dead letter was put back: it is older than what waits, so the lane is read again from disk after its head.</summary>
    public void AddAgain(string subscriber, string instanceId, string laneName, long sequence)
    {
        lock (gate)
        {
            if (loaded && groups.TryGetValue(new GroupKey(subscriber, instanceId), out var group) && group.Lanes.TryGetValue(laneName, out var lane))
            {
                lane.LeaveRestOnDisk();
                return;
            }
        }

        Add(subscriber, instanceId, laneName, sequence);
    }

    /// <summary>Takes over what a read of the disk found: the lanes' heads. Lanes that are known already stay as they are.</summary>
    /// <param name="subscriber">The group.</param>
    /// <param name="instanceId">The group.</param>
    /// <param name="heads">The oldest delivery of each lane.</param>
    /// <param name="isComplete">Whether the read saw every lane.</param>
    /// <param name="now">The time.</param>
    public void Refill(string subscriber, string instanceId, IReadOnlyList<(string Lane, PendingDelivery Head)> heads, bool isComplete, long now)
    {
        lock (gate)
        {
            var group = GroupOf(subscriber, instanceId);
            group.IsRefilling = false;
            group.HasLanesOnDisk = !isComplete;
            foreach (var (name, head) in heads)
            {
                if (group.Lanes.ContainsKey(name))
                    continue;
                if (group.Lanes.Count >= options.MaxLanes)
                {
                    group.HasLanesOnDisk = true;
                    break;
                }

                Open(group, name, head, now, hasMore: true);
            }
        }

        Wake();
    }

    /// <summary>From now on additions count: everything older has been read.</summary>
    public void Loaded()
    {
        lock (gate)
            loaded = true;
    }

    /// <summary>Takes the heads that can go now, fairly over the groups.</summary>
    /// <param name="max">At most so many.</param>
    /// <param name="now">The time.</param>
    /// <param name="nextDue">When the next one becomes due; null when only an addition or a completion can change anything.</param>
    public List<DeliveryLane> Take(int max, long now, out long? nextDue)
    {
        var taken = new List<DeliveryLane>();
        nextDue = null;
        lock (gate)
        {
            var idle = 0;
            while (taken.Count < max && idle < turns.Count)
            {
                turn = (turn + 1) % turns.Count;
                if (TakeOne(turns[turn], now) is { } lane)
                {
                    taken.Add(lane);
                    idle = 0;
                }
                else
                {
                    idle++;
                }
            }

            if (taken.Count == 0)
                nextDue = NextDue(now);
        }

        return taken;
    }

    /// <summary>The delivery of a taken lane could not even be started; it goes back.</summary>
    public void PutBack(DeliveryLane lane, long now)
    {
        lock (gate)
        {
            lane.Group.InFlight--;
            lane.IsInFlight = false;
            if (!lane.IsDropped)
                Line(lane, now);
        }
    }

    /// <summary>The delivery is made or has failed: its slot is free, its lane still waits for the outcome to be written.</summary>
    public void Settle(DeliveryLane lane)
    {
        lock (gate)
        {
            lane.Group.InFlight--;
            lane.Group.Settling++;
        }

        Wake();
    }

    /// <summary>The outcome will not be written (the program ends).</summary>
    public void Unsettled(DeliveryLane lane)
    {
        lock (gate)
            lane.Group.Settling--;
    }

    /// <summary>Whether the lane's next delivery must be read from disk.</summary>
    public bool NeedsRead(DeliveryLane lane)
    {
        lock (gate)
            return !lane.IsDropped && lane.Following.Count == 0 && lane.HasMoreOnDisk;
    }

    /// <summary>The head is gone: the next one takes its place.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="read">What was read from disk behind the head; null when no read was needed.</param>
    /// <param name="now">The time.</param>
    public void Advance(DeliveryLane lane, List<PendingDelivery>? read, long now)
    {
        lock (gate)
        {
            lane.Group.Settling--;
            lane.IsInFlight = false;
            if (lane.IsDropped)
                return;
            lane.HasMoreOnDisk &= read is null || read.Count == DeliveryLane.MaxFollowing;
            if (read is not null)
            {
                lane.Following.Clear();
                foreach (var delivery in read)
                    lane.Following.Enqueue(delivery);
            }

            if (lane.Following.TryDequeue(out var head))
            {
                lane.Head = head;
                Line(lane, now);
            }
            else
            {
                // Something was put behind the head after the look at the disk: the next refill finds it.
                lane.Group.HasLanesOnDisk |= lane.HasMoreOnDisk;
                lane.Group.Lanes.Remove(lane.Name);
                if (lane.Group is { Lanes.Count: 0, HasLanesOnDisk: false, Settling: 0, PausedUntil: 0 })
                    Forget(lane.Group);
            }
        }

        Wake();
    }

    /// <summary>The head is tried again later.</summary>
    public void Postpone(DeliveryLane lane, int attempts, long notBefore, long now)
    {
        lock (gate)
        {
            lane.Group.Settling--;
            lane.IsInFlight = false;
            if (lane.IsDropped)
                return;
            lane.Head = lane.Head with { Attempts = attempts, NotBefore = notBefore };
            Line(lane, now);
        }

        Wake();
    }

    /// <summary>Groups that have room for lanes that wait on disk; each is given out once until it is refilled.</summary>
    public List<DeliveryGroup> TakeRefills()
    {
        lock (gate)
        {
            var found = turns.FindAll(g => g is { HasLanesOnDisk: true, IsRefilling: false } && g.Lanes.Count <= options.MaxLanes / 2);
            foreach (var group in found)
                group.IsRefilling = true;
            return found;
        }
    }

    /// <summary>A refill did not come about.</summary>
    public void RefillFailed(DeliveryGroup group)
    {
        lock (gate)
            group.IsRefilling = false;
    }

    /// <summary>Nothing of the group is delivered before this time.</summary>
    public void Pause(string subscriber, string instanceId, long until)
    {
        lock (gate)
        {
            if (groups.TryGetValue(new GroupKey(subscriber, instanceId), out var group))
                group.PausedUntil = until;
        }

        Wake();
    }

    /// <summary>The group's deliveries were deleted.</summary>
    public void Drop(string subscriber, string instanceId)
    {
        lock (gate)
        {
            if (!groups.TryGetValue(new GroupKey(subscriber, instanceId), out var group))
                return;
            foreach (var lane in group.Lanes.Values)
                lane.IsDropped = true;
            Forget(group);
        }
    }

    private DeliveryLane? TakeOne(DeliveryGroup group, long now)
    {
        if (IsAhead(group.PausedUntil, now) || HasNoSlot(group))
            return null;
        group.PausedUntil = 0;
        while (group.Later.TryPeek(out var due, out var notBefore) && !IsAhead(notBefore, now))
        {
            group.Later.Dequeue();
            group.Ready.Enqueue(due);
        }

        if (!group.Ready.TryDequeue(out var lane))
            return null;
        lane.IsInFlight = true;
        group.InFlight++;
        return lane;
    }

    private bool HasNoSlot(DeliveryGroup group) => group.InFlight >= options.MaxInFlight || group.Settling >= options.MaxInFlight * 4;

    private long? NextDue(long now)
    {
        long? due = null;
        foreach (var group in turns)
        {
            // A group without a free slot wakes us when it gets one.
            if (HasNoSlot(group))
                continue;
            long? candidate = IsAhead(group.PausedUntil, now) ? group.PausedUntil : group.Later.TryPeek(out _, out var first) ? first : null;
            if (candidate < (due ?? long.MaxValue) && (group.Ready.Count > 0 || group.Later.Count > 0))
                due = candidate;
        }

        return due;
    }

    // Further ahead than any wait lies only what was noted before the clock was set back.
    private bool IsAhead(long time, long now) => time > now && time - now <= options.LongestWait.TotalMilliseconds;

    private void Open(DeliveryGroup group, string name, PendingDelivery head, long now, bool hasMore)
    {
        var lane = new DeliveryLane(group, name) { Head = head, HasMoreOnDisk = hasMore };
        group.Lanes.Add(name, lane);
        Line(lane, now);
    }

    private void Line(DeliveryLane lane, long now)
    {
        if (IsAhead(lane.Head.NotBefore, now))
            lane.Group.Later.Enqueue(lane, lane.Head.NotBefore);
        else
            lane.Group.Ready.Enqueue(lane);
    }

    private DeliveryGroup GroupOf(string subscriber, string instanceId)
    {
        var key = new GroupKey(subscriber, instanceId);
        if (!groups.TryGetValue(key, out var group))
        {
            group = new DeliveryGroup(subscriber, instanceId);
            groups.Add(key, group);
            turns.Add(group);
        }

        return group;
    }

    private void Forget(DeliveryGroup group)
    {
        groups.Remove(new GroupKey(group.Subscriber, group.InstanceId));
        turns.Remove(group);
        turn = 0;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct GroupKey(string Subscriber, string InstanceId);
}
