using System.Net.Http.Json;
using Evolution.Client.Tests.Messages;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;
using Xunit;

namespace Evolution.Client.Tests.Connection;

/// <summary>A connection's care and its requests, over the simulator's server.</summary>
public sealed class ConnectionScenarioTests : Scenario
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    private readonly StanzaWatch watch = new();

    [Fact]
    public async Task Pings_keep_a_quiet_connection_open()
    {
        await PairAsync();
        await Device.DisposeAsync();
        Simulator.World.Interceptor = watch;
        var clock = new WaitedClock();
        var waiting = clock.WaitedAsync(PingInterval);
        await using var quiet = new TestDevice(Simulator, time: clock, store: Device.Store);
        quiet.Client.Start();
        await quiet.StateAsync(ConnectionState.Open, Ct);

        for (var pings = 1; pings <= 3; pings++)
        {
            await waiting;
            // An answered request shows that everything before it has come.
            await quiet.Client.Directory.OnWhatsAppAsync([AliceNumber], Ct);
            waiting = clock.WaitedAsync(PingInterval);
            clock.Advance(PingInterval);
            await watch.SeenAsync(StanzaDirection.Out, node => node["type"] == "result" && Pings().Length == pings && node["id"] == Pings()[^1]["id"], Ct);
        }

        Assert.Equal(ConnectionState.Open, quiet.Client.Status.State);
        Assert.Single(watch.All(StanzaDirection.Out), node => node.Tag == "success");
        NoViolations();
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_and_found_again()
    {
        await PairAsync();
        await Device.DisposeAsync();
        Simulator.World.Interceptor = watch;
        var clock = new WaitedClock();
        var waiting = clock.WaitedAsync(PingInterval);
        await using var device = new TestDevice(Simulator, time: clock, store: Device.Store);
        device.Client.Start();
        await device.StateAsync(ConnectionState.Open, Ct);
        await waiting;
        watch.Loses = (direction, _) => direction == StanzaDirection.Out;

        // What was on its way may still come, and counts as a sign of life.
        var closing = device.StateAsync(ConnectionState.Closed, Ct);
        while (!closing.IsCompleted)
        {
            waiting = clock.WaitedAsync(PingInterval);
            clock.Advance(PingInterval);
            await Task.WhenAny(waiting, closing);
        }

        var closed = await closing;
        Assert.Equal(408, closed.Status.Reason!.Code);
        watch.Loses = (_, _) => false;
        clock.Advance(closed.Status.NextTryAt!.Value - clock.GetUtcNow());
        await device.StateAsync(ConnectionState.Open, Ct);
        await watch.SeenAsync(StanzaDirection.In, node => node["xmlns"] == "w:p", Ct);
    }

    [Fact]
    public async Task Requests_get_their_own_answers_when_these_overtake_each_other()
    {
        await PairAsync();
        await FaultAsync(new { when = new { tag = "iq", type = "result" }, @do = new { reorder = 1 } });

        var alice = Device.Client.Directory.OnWhatsAppAsync([AliceNumber], Ct);
        var bob = Device.Client.Directory.OnWhatsAppAsync([BobNumber], Ct);

        Assert.Equal(Alice.Jid, (await alice).Single(answer => answer.Exists).User);
        Assert.Equal(Bob.Jid, (await bob).Single(answer => answer.Exists).User);
        NoViolations();
    }

    [Fact]
    public async Task A_request_that_is_refused_or_loses_its_connection_ends_so()
    {
        await PairAsync();
        await FaultAsync(new { when = new { tag = "iq", xmlns = "usync" }, @do = new { iqError = new { code = 429, text = "rate-overlimit" } } });
        var refused = await Assert.ThrowsAsync<IqException>(() => Device.Client.Directory.OnWhatsAppAsync([AliceNumber], Ct));
        Assert.Equal(429, refused.Code);

        await FaultAsync(new { when = new { tag = "iq", xmlns = "usync", direction = "fromClient" }, @do = new { cut = true } });
        await Assert.ThrowsAsync<ConnectionLostException>(() => Device.Client.Directory.OnWhatsAppAsync([AliceNumber], Ct));

        await Device.StateAsync(ConnectionState.Closed, Ct);
        await Device.StateAsync(ConnectionState.Open, Ct);
        Assert.Contains(await Device.Client.Directory.OnWhatsAppAsync([AliceNumber], Ct), answer => answer.Exists);
    }

    private Node[] Pings() => [.. watch.All(StanzaDirection.In).Where(node => node["xmlns"] == "w:p")];

    private async Task FaultAsync(object fault)
    {
        using var control = new HttpClient { BaseAddress = Simulator.ControlUrl };
        (await control.PostAsJsonAsync("/v1/faults", fault, Ct)).EnsureSuccessStatusCode();
    }
}
