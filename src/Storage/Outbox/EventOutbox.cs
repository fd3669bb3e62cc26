using System.Threading.Channels;
using Evolution.Storage.Database;
using Microsoft.Extensions.Logging;

namespace Evolution.Storage.Outbox;

/// <summary>
/// Hands out what is to be delivered: in order per subscriber, instance and lane, many lanes at a time. A delivery is handed out again after a crash
/// unless its outcome was written, so receivers may see one twice, with the same id. One dispatcher claims; outcomes may come from anywhere.
/// </summary>
public sealed class EventOutbox
{
    private readonly SqliteDatabase database;
    private readonly OutboxOptions options;
    private readonly ILogger logger;
    private readonly DeliverySchedule schedule;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The outbox of a database; there is one.</summary>
    public EventOutbox(SqliteDatabase database, OutboxOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        this.database = database;
        this.options = options;
        logger = loggers.CreateLogger("Evolution.Storage.Outbox");
        schedule = new DeliverySchedule(options) { Wake = () => wake.Writer.TryWrite(true) };
        database.Attach(schedule);
    }

    /// <summary>Reads what waits from an earlier run; must complete before the first claim.</summary>
    /// <exception cref="StorageUnavailableException">Try again.</exception>
    public Task LoadAsync(CancellationToken ct) => database.WriteAsync(
        transaction =>
        {
            var groups = DeliveryRows.Groups(transaction.Sql);
            transaction.AfterCommit(schedule.Loaded);
            foreach (var (subscriber, instanceId) in groups)
                Refill(transaction, subscriber, instanceId);
        },
        ct);

    /// <summary>Waits until something can be delivered and takes it; never returns an empty list.</summary>
    /// <param name="max">At most so many.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(int max, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            foreach (var group in schedule.TakeRefills())
                await RefillAsync(group, ct).ConfigureAwait(false);
            var lanes = schedule.Take(max, database.Now(), out var nextDue);
            if (lanes.Count == 0)
            {
                await WaitAsync(nextDue, ct).ConfigureAwait(false);
                continue;
            }

            var claimed = await LoadBodiesAsync(lanes, ct).ConfigureAwait(false);
            if (claimed.Count > 0)
                return claimed;
        }
    }

    /// <summary>
    /// The receiver has it. Its slot is free at once; its lane goes on when this is written, which is tried until it succeeds:
    /// what was delivered must not be delivered again.
    /// </summary>
    public Task CompleteAsync(ClaimedDelivery delivery, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return LeaveAsync(delivery, transaction => DeliveryRows.Complete(transaction.Sql, delivery), ct);
    }

    /// <summary>The attempt failed and is to be repeated; only the delivery's own lane waits.</summary>
    public Task RescheduleAsync(ClaimedDelivery delivery, DateTimeOffset notBefore, string error, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var due = notBefore.ToUnixTimeMilliseconds();
        return SettleAsync(
            delivery,
            transaction =>
            {
                DeliveryRows.Postpone(transaction.Sql, delivery, due, error);
                transaction.AfterCommit(() => schedule.Postpone(delivery.Place, delivery.Attempt, due, database.Now()));
            },
            ct);
    }

    /// <summary>The delivery is given up: it becomes a dead letter, and its lane goes on.</summary>
    public Task DeadLetterAsync(ClaimedDelivery delivery, string error, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var now = database.Now();
        return LeaveAsync(delivery, transaction => DeliveryRows.Bury(transaction.Sql, delivery, error, now), ct);
    }

    /// <summary>Delivers nothing to a subscriber of an instance until then, for circuit breakers. Not kept over a restart.</summary>
    public void Pause(string subscriber, string instanceId, DateTimeOffset until) =>
        schedule.Pause(subscriber, instanceId, until.ToUnixTimeMilliseconds());

    /// <summary>Deletes what waits for a subscriber of an instance, when the subscription has ended.</summary>
    public Task DropAsync(string subscriber, string instanceId, CancellationToken ct) =>
        database.WriteAsync(transaction => DeliveryRows.Drop(transaction, subscriber, instanceId), ct);

    private Task LeaveAsync(ClaimedDelivery delivery, Action<WriteTransaction> write, CancellationToken ct) => SettleAsync(
        delivery,
        transaction =>
        {
            write(transaction);
            var next = schedule.NeedsRead(delivery.Place) ? DeliveryRows.OfLane(transaction.Sql, delivery.Place) : null;
            transaction.AfterCommit(() => schedule.Advance(delivery.Place, next, database.Now()));
        },
        ct);

    private async Task SettleAsync(ClaimedDelivery delivery, Action<WriteTransaction> write, CancellationToken ct)
    {
        schedule.Settle(delivery.Place);
        var isWritten = false;
        var isLogged = false;
        try
        {
            while (!isWritten)
            {
                try
                {
                    await database.WriteAsync(write, ct).ConfigureAwait(false);
                    isWritten = true;
                }
                catch (StorageUnavailableException e) when (e.Failure != StorageFailure.Closed)
                {
                    if (!isLogged)
                        logger.OutcomeNotWritten(e.Failure);
                    isLogged = true;
                    await Task.Delay(options.StorageRetryDelay, database.Time, ct).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (!isWritten)
                schedule.Unsettled(delivery.Place);
        }
    }

    private async Task<IReadOnlyList<ClaimedDelivery>> LoadBodiesAsync(List<DeliveryLane> lanes, CancellationToken ct)
    {
        var claimed = new List<ClaimedDelivery>(lanes.Count);
        try
        {
            var events = await database.ReadAsync(sql => lanes.ConvertAll(lane => DeliveryRows.Claim(sql, lane)), ct).ConfigureAwait(false);
            for (var i = 0; i < lanes.Count; i++)
            {
                // Without its event the lane was dropped with its instance; it stays out.
                if (events[i] is { } delivery)
                    claimed.Add(delivery);
            }

            return claimed;
        }
        catch (StorageUnavailableException e)
        {
            PutBack(lanes);
            logger.ClaimFailed(e.Failure);
            await Task.Delay(options.StorageRetryDelay, database.Time, ct).ConfigureAwait(false);
            return claimed;
        }
        catch
        {
            PutBack(lanes);
            throw;
        }
    }

    private void PutBack(List<DeliveryLane> lanes)
    {
        foreach (var lane in lanes)
            schedule.PutBack(lane, database.Now());
    }

    private async Task RefillAsync(DeliveryGroup group, CancellationToken ct)
    {
        try
        {
            await database.WriteAsync(transaction => Refill(transaction, group.Subscriber, group.InstanceId), ct).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            schedule.RefillFailed(group);
            if (e is not StorageUnavailableException unavailable)
                throw;
            logger.ClaimFailed(unavailable.Failure);
            await Task.Delay(options.StorageRetryDelay, database.Time, ct).ConfigureAwait(false);
        }
    }

    private void Refill(WriteTransaction transaction, string subscriber, string instanceId)
    {
        var limit = options.MaxLanes * 2;
        var heads = DeliveryRows.Heads(transaction.Sql, subscriber, instanceId, limit);
        transaction.AfterCommit(() => schedule.Refill(subscriber, instanceId, heads, heads.Count < limit, database.Now()));
    }

    private async Task WaitAsync(long? nextDue, CancellationToken ct)
    {
        using var timer = nextDue is { } due
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Clamp(due - database.Now(), 1, int.MaxValue)), database.Time)
            : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            await wake.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The next delivery is due.
        }
    }
}
