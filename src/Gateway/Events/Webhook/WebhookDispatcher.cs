using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Instances;
using Evolution.Storage;
using Evolution.Storage.Outbox;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>
/// Takes deliveries from the outbox and makes them, many at a time. The outbox keeps the order and the bounds; here is decided what an outcome means.
/// </summary>
internal sealed class WebhookDispatcher : IDisposable
{
    private const int MaxConcurrent = 256;
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    // How long a stop waits for a database that does not take what was delivered: the receiver then gets it again, under the same id.
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(1);
    private static readonly Meter Meter = new("Evolution.Gateway.Webhooks");
    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>("evolution.webhook.attempts", description: "Delivery attempts by outcome");
    private readonly EventOutbox outbox;
    private readonly InstanceDirectory instances;
    private readonly WebhookStore webhooks;
    private readonly WebhookSender sender;
    private readonly WebhookOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<WebhookDispatcher> logger;
    private readonly WebhookBreaker breaker = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource settling = new();
    private readonly SemaphoreSlim slots = new(MaxConcurrent, MaxConcurrent);
    private Task loop = Task.CompletedTask;

    public WebhookDispatcher(
        EventOutbox outbox, InstanceDirectory instances, WebhookStore webhooks, WebhookSender sender, WebhookOptions options, TimeProvider time, ILogger<WebhookDispatcher> logger)
    {
        this.outbox = outbox;
        this.instances = instances;
        this.webhooks = webhooks;
        this.sender = sender;
        this.options = options;
        this.time = time;
        this.logger = logger;
    }

    /// <summary>Begins to deliver; <see cref="StopAsync"/> ends it.</summary>
    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Stops claiming and waits for the attempts under way, which are broken off: they are made again after the next start.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        settling.CancelAfter(SettleLimit);
        await loop;
        for (var i = 0; i < MaxConcurrent; i++)
            await slots.WaitAsync();
    }

    public void Dispose()
    {
        slots.Dispose();
        stopping.Dispose();
        settling.Dispose();
    }

    private async Task RunAsync()
    {
        var loaded = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!loaded)
                    await outbox.LoadAsync(stopping.Token);
                loaded = true;
                await ClaimAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                WebhookLog.LoopFailed(logger, e, RestartDelay);
                await Task.Delay(RestartDelay, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ClaimAsync()
    {
        while (true)
        {
            await slots.WaitAsync(stopping.Token);
            var free = 1;
            while (free < MaxConcurrent && slots.Wait(0))
                free++;
            IReadOnlyList<ClaimedDelivery> claimed = [];
            try
            {
                claimed = await outbox.ClaimAsync(free, stopping.Token);
            }
            finally
            {
                if (free > claimed.Count)
                    slots.Release(free - claimed.Count);
            }

            foreach (var delivery in claimed)
                _ = DeliverAsync(delivery);
        }
    }

    // Owns one slot; StopAsync waits for all of them.
    private async Task DeliverAsync(ClaimedDelivery delivery)
    {
        using var cause = Correlation.Resume(delivery.Trace, "webhook");
        try
        {
            await AttemptAsync(delivery);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nothing was written: the delivery is made again after the next start.
        }
        catch (StorageUnavailableException e) when (e.Failure == StorageFailure.Closed)
        {
            WebhookLog.LoopFailed(logger, e, RestartDelay);
        }
        catch (Exception e)
        {
            // What no outcome covers, such as a subscription that can't be read, must not hold its lane for ever. Outcomes themselves are written until they are.
            await SettleAsync(delivery, new WebhookOutcome(null, e.Message));
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task AttemptAsync(ClaimedDelivery delivery)
    {
        if (await TargetOfAsync(delivery) is not { } target)
        {
            // The webhook was switched off or deleted since: nobody waits for this any more.
            await outbox.CompleteAsync(delivery, settling.Token);
            return;
        }

        await SettleAsync(delivery, await sender.SendAsync(target, delivery, stopping.Token));
    }

    private async Task SettleAsync(ClaimedDelivery delivery, WebhookOutcome outcome)
    {
        if (breaker.Note(delivery.Subscriber, delivery.InstanceId, outcome) is { } rest)
        {
            outbox.Pause(delivery.Subscriber, delivery.InstanceId, time.GetUtcNow() + rest);
            WebhookLog.Resting(logger, delivery.InstanceName, delivery.Subscriber, rest);
        }

        Outcomes.Add(1, new KeyValuePair<string, object?>("outcome", outcome.IsDelivered ? "delivered" : outcome.Status is null ? "no_answer" : "refused"));
        if (outcome.IsDelivered)
        {
            await outbox.CompleteAsync(delivery, settling.Token);
            WebhookLog.Delivered(logger, delivery.Name, delivery.InstanceName, delivery.Subscriber, delivery.Attempt);
            return;
        }

        var chance = RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
        var canGetBetter = outcome.Status is not { } status || RetrySchedule.CanGetBetter(options, status);
        if (canGetBetter && RetrySchedule.DelayAfter(options, delivery.Attempt, chance) is { } delay)
        {
            WebhookLog.Postponed(logger, delivery.Name, delivery.InstanceName, delivery.Subscriber, outcome.Description, delivery.Attempt, delay);
            await outbox.RescheduleAsync(delivery, time.GetUtcNow() + delay, outcome.Description, stopping.Token);
            return;
        }

        WebhookLog.GivenUp(logger, delivery.Name, delivery.InstanceName, delivery.Subscriber, outcome.Description, delivery.Attempt);
        await outbox.DeadLetterAsync(delivery, outcome.Description, stopping.Token);
    }

    private async ValueTask<WebhookTarget?> TargetOfAsync(ClaimedDelivery delivery)
    {
        if (delivery.Subscriber == Subscribers.GlobalWebhook)
            return WebhookTarget.Global(options, delivery.Name);
        var webhook = instances.FindById(delivery.InstanceId) is { } known ? known.Webhook : await StoredAsync(delivery.InstanceId);
        return webhook is { Enabled: true } ? WebhookTarget.Of(webhook, delivery.Name) : null;
    }

    // An instance that was stored this moment is not in the directory yet, and its first event may be here already.
    private async ValueTask<WebhookSubscription?> StoredAsync(string instanceId) =>
        await webhooks.FindAsync(instanceId, stopping.Token) is { } row ? new WebhookSubscription(row) : null;
}
