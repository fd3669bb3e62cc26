using System.Diagnostics;
using Evolution.Simulator;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>
/// The gateway process is killed with SIGKILL again and again while messages go both ways. Afterwards nothing is lost, nothing doubled and
/// nothing out of order in its chat, and no ratchet key was used twice (the simulator looks at every one).
/// <para>
/// One repetition is allowed, and only this one: an event whose delivery was answered with 200, but whose completion was not yet committed when
/// the kill came, is delivered once more by the next life, with the same webhook-id, before anything that follows it in its chat.
/// </para>
/// </summary>
[Trait("Part", "kill")]
public sealed class KillTests : IAsyncLifetime
{
    private const int Kills = 20;
    private const int MessagesEachWay = 2000;
    private const int Share = MessagesEachWay / Kills;
    private const int ChatsEachWay = 12;
    private const string OwnNumber = "5511999990001";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-kill-{Guid.NewGuid():N}");
    private readonly Progress _accepted = new();
    private readonly Budget _inboundBudget = new();
    private readonly Budget _outboundBudget = new();
    private SimulatorHost _simulator = null!;
    private RestartableGateway _gateway = null!;
    private DeliveryLog _log = null!;
    private WebhookReceiver _receiver = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        _gateway = new RestartableGateway(Path.Combine(_folder, "gateway"), _simulator);
        _log = new DeliveryLog(() => _gateway.Life);
        _receiver = await WebhookReceiver.StartAsync(Ct, observe: _log.Add);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _simulator.DisposeAsync();
        _inboundBudget.Dispose();
        _outboundBudget.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 5 * TestLimit.Ms)]
    public async Task Kills_lose_nothing_double_nothing_and_keep_every_chat_in_order()
    {
        var plan = new KillPlan();
        Say($"KILL_SEED={plan.Seed}");
        await LinkAsync();
        var inbound = await ChatsAsync("551188888", (number, kind) => InboundChat.CreateAsync(_simulator, number, kind, OwnNumber, _inboundBudget));
        var outbound = await ChatsAsync(
            "551177777", (number, kind) => OutboundChat.CreateAsync(_simulator, _gateway, _log, number, kind, OwnNumber, _outboundBudget, _accepted));
        Task[] traffic = [.. inbound.Select(chat => chat.RunAsync(Ct)), .. outbound.Select(chat => chat.RunAsync(Ct))];

        var clock = Stopwatch.StartNew();
        for (var kill = 1; kill <= Kills || _log.Inbound.Count < MessagesEachWay || _accepted.Count < MessagesEachWay; kill++)
        {
            AllowMore(inbound);
            var moment = await plan.WaitAsync(Slower, Share, Ct);
            await _gateway.KillAsync();
            Say($"{clock.Elapsed.TotalSeconds,4:0} s  kill {kill,2} {moment}: {SentBy(inbound)} sent in, {_log.Inbound.Count} delivered; {_accepted.Count} accepted out");
            _gateway.Start();
            foreach (var failed in traffic.Where(task => task.IsFaulted))
                await failed;
        }

        _inboundBudget.Close();
        _outboundBudget.Close();
        await Task.WhenAll(traffic).WaitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(outbound.Select(chat => chat.EndAsync(Ct)));
        await SettledAsync(inbound, outbound);
        Say($"{clock.Elapsed.TotalSeconds,4:0} s  all settled after {_gateway.Life} lives; {outbound.Sum(chat => chat.Unanswered.Count)} requests were never answered");
        Assert.Equal(0, await _gateway.StopAsync(Ct));

        using var database = new DatabaseAudit(_gateway.DatabaseFile);
        new KillVerdict(_simulator, _log, database, inbound, outbound).AssertAll();
    }

    private static int SentBy(IEnumerable<InboundChat> chats) => chats.Sum(chat => chat.Sent.Count);

    /// <summary>As much more as a kill takes its share of, unless much is waiting already. Neither direction may get far ahead of the other.</summary>
    private void AllowMore(InboundChat[] inbound)
    {
        if (SentBy(inbound) < Math.Min(_log.Inbound.Count, _accepted.Count) + (3 * Share))
            _inboundBudget.Allow(Share);
        if (_outboundBudget.Left < 2 * Share)
            _outboundBudget.Allow(Share);
    }

    private Progress Slower => _log.Inbound.Count < _accepted.Count ? _log.Inbound : _accepted;

    private static void Say(string line)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }

    private async Task LinkAsync()
    {
        var phone = await _simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        _gateway.Start();
        await _gateway.LinkAsync("sales", phone, _receiver.Url, ["MESSAGES_UPSERT", "MESSAGES_UPDATE", "SEND_MESSAGE", "CONNECTION_UPDATE"], Ct);
    }

    /// <summary>Half of them texts to people, a quarter groups, a quarter pictures.</summary>
    private static async Task<T[]> ChatsAsync<T>(string prefix, Func<string, ChatKind, Task<T>> create)
    {
        var chats = new T[ChatsEachWay];
        for (var i = 0; i < chats.Length; i++)
            chats[i] = await create($"{prefix}{i:0000}", (i % 4) switch { 1 => ChatKind.Group, 3 => ChatKind.Image, _ => ChatKind.Text });
        return chats;
    }

    /// <summary>Waits until everything that was taken has got to where it belongs.</summary>
    private async Task SettledAsync(InboundChat[] inbound, OutboundChat[] outbound)
    {
        foreach (var id in inbound.SelectMany(chat => chat.Sent))
            await _log.WaitAsync(() => _log.Has("messages.upsert", id), Ct);
        foreach (var id in outbound.SelectMany(chat => chat.Accepted.Values))
            await _log.WaitAsync(() => _log.Has("send.message", id) && _log.Has("messages.update", id, "DELIVERY_ACK"), Ct);
    }
}
