using System.Net;
using Evolution.Client;
using Evolution.Simulator.Tests.Faults;

namespace Evolution.Simulator.Tests.ControlApi;

public sealed class CallEndpointsTests
{
    private const string Own = "5511999990001";
    private const string Alice = "5511999990002";

    [Fact]
    public async Task A_call_rings_at_the_companion_and_tells_when_it_is_refused()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        await api.PhoneAsync(Own);
        await api.PhoneAsync(Alice);
        await using var companion = await Companion.LinkAsync(simulator.Host, api, Own);

        var call = await api.PostAsync($"/v1/phones/{Alice}/calls", new { to = Own, video = true }, HttpStatusCode.Accepted);
        Assert.Equal("ringing", (string?)call["state"]);
        var offer = await companion.EventAsync<CallChanged>();
        Assert.Equal(((string?)call["id"], "offer", true, false), (offer.Id, offer.State, offer.Kind!.IsVideo, offer.Offline));
        await companion.Client.Calls.RejectAsync(offer.Id, offer.Creator, TestContext.Current.CancellationToken);

        var refused = Assert.Single((await api.GetAsync($"/v1/phones/{Alice}/calls?wait=20"))["calls"]!.AsArray())!;
        Assert.Equal(("reject", Own), ((string?)refused["state"], (string?)refused["to"]));
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task Nobody_and_an_offline_phone_can_not_call()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        await api.PhoneAsync(Alice);
        await api.PostAsync($"/v1/phones/{Alice}/calls", new { to = Own }, HttpStatusCode.NotFound);
        await api.PhoneAsync(Own);
        await api.PostAsync($"/v1/phones/{Alice}/offline", new { }, HttpStatusCode.OK);
        await api.PostAsync($"/v1/phones/{Alice}/calls", new { to = Own }, HttpStatusCode.Conflict);
    }
}
