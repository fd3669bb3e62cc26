namespace Evolution.Client.Tests;

/// <summary>What a client raised and nobody has asked for yet. Asking waits, with a limit that only strikes when the event never comes.</summary>
internal sealed class RaisedEvents
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<WhatsAppEvent> events = [];
    private TaskCompletionSource raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(WhatsAppEvent e)
    {
        lock (gate)
        {
            events.Add(e);
            raised.SetResult();
            raised = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The next event of this kind that fulfils the condition; others of the kind are skipped, and those of other kinds wait to be asked for.</summary>
    public Task<T> NextAsync<T>(Func<T, bool>? condition, CancellationToken ct)
        where T : WhatsAppEvent => TakeAsync(
        () =>
        {
            while (events.OfType<T>().FirstOrDefault() is { } next)
            {
                events.Remove(next);
                if (condition is null || condition(next))
                    return next;
            }

            return null;
        },
        ct);

    /// <summary>The first event of this kind that fulfils the condition; all others stay.</summary>
    public Task<T> FoundAsync<T>(Func<T, bool> condition, CancellationToken ct)
        where T : WhatsAppEvent => TakeAsync(
        () =>
        {
            var found = events.OfType<T>().FirstOrDefault(condition);
            if (found is not null)
                events.Remove(found);
            return found;
        },
        ct);

    private async Task<T> TakeAsync<T>(Func<T?> take, CancellationToken ct)
        where T : WhatsAppEvent
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        while (true)
        {
            Task more;
            lock (gate)
            {
                if (take() is { } taken)
                    return taken;
                more = raised.Task;
            }

            await more.WaitAsync(limit.Token);
        }
    }
}
