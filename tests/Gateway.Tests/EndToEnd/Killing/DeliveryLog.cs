using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>Everything the webhook receiver was given, in the order in which it came.</summary>
internal sealed class DeliveryLog(Func<int> life)
{
    private readonly Lock _gate = new();
    private readonly List<Delivery> _all = [];
    private readonly HashSet<(string Event, string? MessageId, string? Status)> _seen = [];
    private TaskCompletionSource _news = NewSignal();

    public IReadOnlyList<Delivery> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _all.Count;
        }
    }

    /// <summary>Ends with the next delivery; take it before looking.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
                return _news.Task;
        }
    }

    /// <summary>The messages from phones that have come, each counted once.</summary>
    public Progress Inbound { get; } = new();

    public void Add(HttpRequest request, JsonObject body)
    {
        var delivery = new Delivery(request.Headers["webhook-id"].ToString(), (string)body["event"]!, life(), body["data"]!);
        TaskCompletionSource news;
        bool isNew;
        lock (_gate)
        {
            _all.Add(delivery);
            isNew = _seen.Add((delivery.Event, delivery.MessageId, null));
            _seen.Add((delivery.Event, delivery.MessageId, delivery.Status));
            news = _news;
            _news = NewSignal();
        }

        news.SetResult();
        if (isNew && delivery.Event == "messages.upsert")
            Inbound.Add();
    }

    public bool Has(string name, string messageId, string? status = null)
    {
        lock (_gate)
            return _seen.Contains((name, messageId, status));
    }

    /// <summary>Waits until the log fulfils the condition.</summary>
    public async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var news = Next;
            if (condition())
                return;
            await news.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
