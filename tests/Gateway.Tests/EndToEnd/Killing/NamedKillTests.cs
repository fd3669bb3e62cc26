using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>
/// One SIGKILL at each of the three moments that matter, in the midst of traffic both ways: a message is decrypted and not yet stored, stored and
/// not yet acknowledged, sent and not yet acknowledged by the server. <see cref="KillTests"/> is the same at random moments, many times.
/// </summary>
public sealed class NamedKillTests : IAsyncLifetime
{
    private const int MessagesEachWay = 17;
    private const int BeforeTheKill = 8;
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
        var phone = await _simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        _gateway.Start();
        await _gateway.LinkAsync("sales", phone, _receiver.Url, ["MESSAGES_UPSERT", "MESSAGES_UPDATE", "SEND_MESSAGE", "CONNECTION_UPDATE"], Ct);
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

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("Decrypted")]
    [InlineData("Committed")]
    public async Task A_kill_while_a_message_comes_in_loses_and_doubles_nothing(string point)
    {
        Assert.Equal(0, await _gateway.StopAsync(Ct));
        _gateway.StartToStopAt(point);

        // The first passes; the rest, be it stored one by one or together, stops.
        await KilledInTrafficAsync(inboundBefore: 1, outboundBefore: BeforeTheKill, async () =>
        {
            await _log.WaitAsync(() => _log.Inbound.Count == 1, Ct);
            _inboundBudget.Allow(BeforeTheKill - 1);
            await _gateway.StoppedAsync(Ct);
        });
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_kill_before_the_server_acknowledged_loses_and_doubles_nothing()
    {
        using var control = new HttpClient { BaseAddress = _simulator.ControlUrl };
        // Neither the server's ack nor the phone's receipt, which says as much, gets through any more.
        string[] faults = [await LoseAsync(control, "ack"), await LoseAsync(control, "receipt")];

        await KilledInTrafficAsync(inboundBefore: BeforeTheKill, outboundBefore: MessagesEachWay, async () =>
        {
            await _accepted.WaitForMoreAsync(MessagesEachWay - _accepted.Count, TimeSpan.FromMilliseconds(TestLimit.Ms), Ct);
            foreach (var fault in faults)
                (await control.DeleteAsync($"/v1/faults/{fault}", Ct)).EnsureSuccessStatusCode().Dispose();
        }, AssertUnacknowledged);
    }

    private static async Task<string> LoseAsync(HttpClient control, string tag)
    {
        var fault = new JsonObject
        {
            ["when"] = new JsonObject { ["direction"] = "toClient", ["tag"] = tag, ["count"] = 0 },
            ["do"] = new JsonObject { ["drop"] = true },
        };
        using var set = await control.PostAsJsonAsync("/v1/faults", fault, Ct);
        return (string)JsonNode.Parse(await set.Content.ReadAsStringAsync(Ct))!["id"]!;
    }

    private void AssertUnacknowledged()
    {
        using var database = new DatabaseAudit(_gateway.DatabaseFile);
        Assert.Equal(MessagesEachWay, database.Unacknowledged());
    }

    /// <summary>Traffic of one chat each way; the gateway is killed at the moment, started again, and gets the rest.</summary>
    /// <param name="inboundBefore">How many messages of the phone's may come before the moment.</param>
    /// <param name="outboundBefore">How many are asked for before it.</param>
    /// <param name="moment">Ends when it is there.</param>
    /// <param name="left">Looks at what the killed one left.</param>
    private async Task KilledInTrafficAsync(int inboundBefore, int outboundBefore, Func<Task> moment, Action? left = null)
    {
        var inbound = await InboundChat.CreateAsync(_simulator, "5511888880001", ChatKind.Text, OwnNumber, _inboundBudget);
        var outbound = await OutboundChat.CreateAsync(_simulator, _gateway, _log, "5511777770001", ChatKind.Text, OwnNumber, _outboundBudget, _accepted);
        await _gateway.Ready.WaitAsync(Ct);
        Task[] traffic = [inbound.RunAsync(Ct), outbound.RunAsync(Ct)];
        _inboundBudget.Allow(inboundBefore);
        _outboundBudget.Allow(outboundBefore);

        await moment();
        await _gateway.KillAsync();
        left?.Invoke();
        _gateway.Start();
        _inboundBudget.Allow(MessagesEachWay - BeforeTheKill);
        if (outboundBefore < MessagesEachWay)
            _outboundBudget.Allow(MessagesEachWay - outboundBefore);
        _inboundBudget.Close();
        _outboundBudget.Close();
        await Task.WhenAll(traffic).WaitAsync(Ct);
        await outbound.EndAsync(Ct);
        await SettledAsync(inbound, outbound);
        Assert.Equal(0, await _gateway.StopAsync(Ct));

        using var database = new DatabaseAudit(_gateway.DatabaseFile);
        new KillVerdict(_simulator, _log, database, [inbound], [outbound]).AssertAll();
    }

    private async Task SettledAsync(InboundChat inbound, OutboundChat outbound)
    {
        foreach (var id in inbound.Sent)
            await _log.WaitAsync(() => _log.Has("messages.upsert", id), Ct);
        foreach (var id in outbound.Accepted.Values)
            await _log.WaitAsync(() => _log.Has("send.message", id) && _log.Has("messages.update", id, "DELIVERY_ACK"), Ct);
    }
}
