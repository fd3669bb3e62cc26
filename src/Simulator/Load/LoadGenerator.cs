using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.ControlApi.Content;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Load;

/// <summary>Lets many phones write at a steady rate and watches the companions' receipts. Keeps the newest 100 runs.</summary>
internal sealed class LoadGenerator(SimulatedWorld world)
{
    private const int Kept = 100;
    private const int MaxInFlight = 512;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (LoadRun Run, CancellationTokenSource Stop)> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly MessageBuilder _builder = new(world);

    public LoadRun? Find(string id) => _runs.TryGetValue(id, out var entry) ? entry.Run : null;

    public LoadRun Start(LoadPlan plan)
    {
        var run = new LoadRun(RandomNumberGenerator.GetHexString(12, lowercase: true), plan.Count, world.Time);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(world.Stopping);
        _runs[run.Id] = (run, stop);
        _order.Enqueue(run.Id);
        while (_order.Count > Kept && _order.TryDequeue(out var oldest))
        {
            if (_runs.TryRemove(oldest, out var gone))
                gone.Stop.Cancel();
        }

        world.Background.Run(() => RunAsync(run, plan, stop));
        return run;
    }

    public bool Stop(string id)
    {
        if (!_runs.TryGetValue(id, out var entry))
            return false;
        entry.Stop.Cancel();
        return true;
    }

    public void StopAll()
    {
        foreach (var (_, stop) in _runs.Values)
            stop.Cancel();
        _runs.Clear();
    }

    /// <summary>A companion's stanza passes.</summary>
    public void Observe(Node node)
    {
        if (node.Tag != "receipt" || _runs.IsEmpty || node["type"] is "server-error" or "peer_msg" or "hist_sync")
            return;
        var retry = node["type"] == "retry";
        foreach (var (run, _) in _runs.Values)
        {
            if (run.State != "running")
                continue;
            if (node["id"] is { } id)
                run.Confirm(id, retry);
            foreach (var item in node.Child("list")?.ChildrenOf("item") ?? [])
            {
                if (item["id"] is { } more)
                    run.Confirm(more, retry);
            }
        }
    }

    private async Task RunAsync(LoadRun run, LoadPlan plan, CancellationTokenSource stop)
    {
        var state = "failed";
        try
        {
            var senders = new List<Phone>();
            foreach (var number in plan.Senders)
                senders.Add(world.FindPhone(number) ?? await world.CreatePhoneAsync(number).ConfigureAwait(false));
            await SendAllAsync(run, plan, senders, stop.Token).ConfigureAwait(false);
            await WaitForReceiptsAsync(run, stop.Token).ConfigureAwait(false);
            state = "done";
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            state = "stopped";
        }
        finally
        {
            run.End(state);
        }
    }

    private async Task SendAllAsync(LoadRun run, LoadPlan plan, List<Phone> senders, CancellationToken ct)
    {
        using var room = new SemaphoreSlim(MaxInFlight, MaxInFlight);
        var contents = new Dictionary<(Phone, Phone), BuiltMessage>();
        var start = world.Time.GetTimestamp();
        var sending = new List<Task>();
        for (var i = 0; i < plan.Count; i++)
        {
            var wait = TimeSpan.FromSeconds(i / plan.RatePerSecond) - world.Time.GetElapsedTime(start);
            if (wait > TimeSpan.FromMilliseconds(2))
                await Task.Delay(wait, world.Time, ct).ConfigureAwait(false);
            await room.WaitAsync(ct).ConfigureAwait(false);
            var sender = senders[i % senders.Count];
            var to = plan.To[i % plan.To.Count];
            var built = plan.Content is null ? Numbered(i + 1) : await ContentAsync(sender, to).ConfigureAwait(false);
            sending.Add(SendAsync(sender, to, built));
            if (sending.Count >= 2 * MaxInFlight)
                sending.RemoveAll(task => task.IsCompletedSuccessfully);
        }

        await Task.WhenAll(sending).ConfigureAwait(false);

        // The time lets whoever gets the text in the end tell how long it took.
        BuiltMessage Numbered(int number) =>
            new(new Message { Conversation = string.Create(CultureInfo.InvariantCulture, $"Load message {number}, sent {world.Time.GetUtcNow():O}") }, "text");

        async Task<BuiltMessage> ContentAsync(Phone sender, Phone to)
        {
            if (contents.TryGetValue((sender, to), out var known))
                return known;
            var writes = new Writes();
            var made = contents[(sender, to)] = _builder.Build(new MessageRequest(world, sender, new PhoneChat(to.Account, null), plan.Content!), writes);
            if (writes.Rows.Count > 0)
                await world.Store.CommitAsync(writes).ConfigureAwait(false);
            return made;
        }

        async Task SendAsync(Phone sender, Phone to, BuiltMessage built)
        {
            try
            {
                var id = "3A" + RandomNumberGenerator.GetHexString(18);
                run.Sending(id);
                await sender.SendAsync(to.Number, built.Content, new OutgoingMessage { Id = id, Type = built.StanzaType }).ConfigureAwait(false);
                run.Acknowledged();
            }
            finally
            {
                room.Release();
            }
        }
    }

    /// <summary>Until everything is confirmed, or nothing was for half a minute.</summary>
    private async Task WaitForReceiptsAsync(LoadRun run, CancellationToken ct)
    {
        var delivered = -1;
        var since = world.Time.GetTimestamp();
        while (run.Delivered < run.Count && world.Time.GetElapsedTime(since) < s_patience)
        {
            if (run.Delivered != delivered)
                (delivered, since) = (run.Delivered, world.Time.GetTimestamp());
            await Task.Delay(TimeSpan.FromMilliseconds(50), world.Time, ct).ConfigureAwait(false);
        }
    }
}
