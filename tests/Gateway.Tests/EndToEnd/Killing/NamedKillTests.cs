using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>
/// One SIGKILL at each of the three moments that matter, in the midst of traffic both ways: a message is decrypted and not yet stored, stored and
/// not yet acknowledged, sent and not yet acknowledged by the server. <see cref="KillTests"/> is the same at random moments, many times.
/// </summary>
public sealed class NamedKillTests : IAsyncLifetime
{
    private const int MessagesEachWay = 17;
    private const int BeforeTheKill = 8;
    private KilledWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await KilledWorld.StartAsync(Ct);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("Decrypted")]
    [InlineData("Committed")]
    public async Task A_kill_while_a_message_comes_in_loses_and_doubles_nothing(string point)
    {
        Assert.Equal(0, await _world.Gateway.StopAsync(Ct));
        _world.Gateway.StartToStopAt(point);

        // The first passes; the rest, be it stored one by one or together, stops.
        await KilledInTrafficAsync(inboundBefore: 1, outboundBefore: BeforeTheKill, async () =>
        {
            await _world.Log.WaitAsync(() => _world.Log.Inbound.Count == 1, Ct);
            _world.InboundBudget.Allow(BeforeTheKill - 1);
            await _world.Gateway.StoppedAsync(Ct);
        });
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_kill_before_the_server_acknowledged_loses_and_doubles_nothing()
    {
        using var control = new HttpClient { BaseAddress = _world.Simulator.ControlUrl };
        // Neither the server's ack nor the phone's receipt, which says as much, gets through any more.
        string[] faults = [await LoseAsync(control, "ack"), await LoseAsync(control, "receipt")];

        await KilledInTrafficAsync(inboundBefore: BeforeTheKill, outboundBefore: MessagesEachWay, async () =>
        {
            await _world.Accepted.WaitForMoreAsync(MessagesEachWay - _world.Accepted.Count, TimeSpan.FromMilliseconds(TestLimit.Ms), Ct);
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
        using var database = new DatabaseAudit(_world.Gateway.DatabaseFile);
        Assert.Equal(MessagesEachWay, database.Unacknowledged());
    }

    /// <summary>Traffic of one chat each way; the gateway is killed at the moment, started again, and gets the rest.</summary>
    /// <param name="inboundBefore">How many messages of the phone's may come before the moment.</param>
    /// <param name="outboundBefore">How many are asked for before it.</param>
    /// <param name="moment">Ends when it is there.</param>
    /// <param name="left">Looks at what the killed one left.</param>
    private async Task KilledInTrafficAsync(int inboundBefore, int outboundBefore, Func<Task> moment, Action? left = null)
    {
        var inbound = await _world.InboundAsync("5511888880001", ChatKind.Text);
        var outbound = await _world.OutboundAsync("5511777770001", ChatKind.Text);
        await _world.Gateway.Ready.WaitAsync(Ct);
        Task[] traffic = [inbound.RunAsync(Ct), outbound.RunAsync(Ct)];
        _world.InboundBudget.Allow(inboundBefore);
        _world.OutboundBudget.Allow(outboundBefore);

        await moment();
        await _world.Gateway.KillAsync();
        left?.Invoke();
        _world.Gateway.Start();
        _world.InboundBudget.Allow(MessagesEachWay - BeforeTheKill);
        if (outboundBefore < MessagesEachWay)
            _world.OutboundBudget.Allow(MessagesEachWay - outboundBefore);
        await _world.AssertNothingLostAsync(traffic, [inbound], [outbound], Ct);
    }
}
