using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Connections that come to nothing, fall silent or bring damaged messages, and how often they are tried again.</summary>
public sealed class UnsteadyConnectionTests(FaultyWorld world) : IClassFixture<FaultyWorld>
{
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_server_with_a_wrong_certificate_is_refused_and_learns_nothing_until_it_has_the_right_one()
    {
        var instance = await world.LinkAsync(Ct);
        var identity = instance.StoredIdentities();
        var fault = await world.BreakAsync(new JsonObject { ["do"] = new JsonObject { ["certificate"] = "wrongRoot" }, ["when"] = new JsonObject { ["count"] = 0 } }, Ct);
        var logged = world.Log.Entries.Count;
        await instance.BreakAsync(new JsonObject { ["cut"] = true }, null, Ct);
        await instance.WaitUntilWaitingAsync(logged, Ct);
        var events = world.Receiver.Events.Count;

        // The waits grow while nothing helps.
        foreach (var (attempt, wait) in new[] { (2, 1), (3, 2), (4, 3), (5, 5) })
        {
            logged = world.Log.Entries.Count;
            await instance.MoveOnToNextTryAsync(Ct);
            await instance.WaitUntilWaitingAsync(logged, Ct);
            var shown = await instance.FetchAsync(Ct);
            Assert.Equal(("connecting", attempt), ((string?)shown["connectionStatus"], (int)shown["connection"]!["attempt"]!));
            Assert.Contains("certificate", (string?)shown["connection"]!["reason"], StringComparison.OrdinalIgnoreCase);
            Assert.Equal(wait, (LinkedInstance.NextTryOf(shown) - world.Clock.GetUtcNow()).TotalSeconds, tolerance: 0.11 * wait);
        }

        // Who sends its credentials is logged in by the simulator, whatever certificate it has seen.
        var phone = await world.AskSimulatorAsync($"/v1/phones/{instance.Phone.Number}", Ct);
        Assert.All(phone["devices"]!.AsArray(), device => Assert.False((bool)device!["connected"]!));
        Assert.DoesNotContain("connection.update open 200", instance.EventsOfConnection(events));

        await world.MendAsync(fault, Ct);
        await instance.MoveOnToNextTryAsync(Ct);
        await instance.WaitForEventAsync("connection.update open 200", events, Ct);
        Assert.Equal(identity.Current, instance.StoredIdentities().Current);
        await FinishAsync(instance);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_server_that_falls_silent_is_left_and_found_again()
    {
        var instance = await world.LinkAsync(Ct);
        var fault = await world.BreakAsync(
            new JsonObject { ["client"] = instance.Phone.Number, ["do"] = new JsonObject { ["drop"] = true }, ["when"] = new JsonObject { ["xmlns"] = "w:p", ["direction"] = "fromClient", ["count"] = 0 } }, Ct);
        var waiting = instance.WaitUntilWaitingAsync(world.Log.Entries.Count, Ct);
        var events = world.Receiver.Events.Count;

        // What was still on its way when the fault came may have been a sign of life; then it takes another round.
        for (var round = 0; round < 5 && !waiting.IsCompleted; round++)
        {
            var ping = world.Clock.WaitedAsync(s_keepAlive);
            world.Clock.Advance(s_keepAlive);
            await Task.WhenAny(ping, waiting);
        }

        await waiting;
        var shown = await instance.FetchAsync(Ct);
        Assert.Equal(("connecting", 408), ((string?)shown["connectionStatus"], (int)shown["connection"]!["reasonCode"]!));
        await world.MendAsync(fault, Ct);
        // The round in which it was given up may have moved the clock past the next try already.
        if (shown["connection"]!["nextTryAt"] is not null)
            world.Clock.SetUtcNow(LinkedInstance.NextTryOf(shown));
        await instance.WaitForEventAsync("connection.update open 200", events, Ct);
        await FinishAsync(instance);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_server_that_asks_for_one_restart_after_another_is_made_to_wait()
    {
        var instance = await world.LinkAsync(Ct);
        // Linking has taken the first of three.
        for (var restart = 2; restart <= 3; restart++)
        {
            var events = world.Receiver.Events.Count;
            await instance.BreakAsync(new JsonObject { ["streamError"] = new JsonObject { ["code"] = 515 } }, null, Ct);
            await instance.WaitForEventAsync("connection.update open 200", events, Ct);
        }

        var logged = world.Log.Entries.Count;
        var before = world.Receiver.Events.Count;
        await instance.BreakAsync(new JsonObject { ["streamError"] = new JsonObject { ["code"] = 515 } }, null, Ct);
        await instance.WaitUntilWaitingAsync(logged, Ct);

        Assert.Equal(515, (int)(await instance.FetchAsync(Ct))["connection"]!["reasonCode"]!);
        await instance.MoveOnToNextTryAsync(Ct);
        await instance.WaitForEventAsync("connection.update open 200", before, Ct);
        await FinishAsync(instance);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_send_whose_connection_is_renewed_under_it_waits_for_the_new_one()
    {
        var instance = await world.LinkAsync(Ct);
        var bob = await world.CreatePhoneAsync();
        var events = world.Receiver.Events.Count;
        await instance.BreakAsync(
            new JsonObject { ["streamError"] = new JsonObject { ["code"] = 515 } }, new JsonObject { ["tag"] = "iq", ["xmlns"] = "encrypt", ["type"] = "get", ["direction"] = "fromClient" }, Ct);

        await world.Gateway.PostAsync($"/message/sendText/{instance.Name}", new { number = bob.Number, text = "across the renewal" }, Ct);

        await bob.WaitForMessageAsync(message => message.Text == "across the renewal", ct: Ct);
        Assert.Single(bob.MessagesAfter(), message => message.Text == "across the renewal");
        await world.Receiver.WaitForAsync(e => (string?)e["instance"] == instance.Name && (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "open", events, Ct);
        await FinishAsync(instance);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_damaged_message_is_asked_for_again_and_costs_no_connection()
    {
        var instance = await world.LinkAsync(Ct);
        var bob = await world.CreatePhoneAsync();
        var events = world.Receiver.Events.Count;
        await instance.BreakAsync(new JsonObject { ["corrupt"] = true }, new JsonObject { ["tag"] = "message" }, Ct);

        var id = await bob.SendTextAsync(instance.Phone.Number, "Hello");

        await world.Receiver.WaitForAsync(
            e => (string?)e["event"] == "messages.upsert" && (string?)e["data"]!["key"]!["id"] == id && (string?)e["data"]!["message"]?["conversation"] == "Hello", events, Ct);
        Assert.Empty(instance.EventsOfConnection(events));
        await FinishAsync(instance);
    }

    private async Task FinishAsync(LinkedInstance instance)
    {
        await instance.ConverseAsync(Ct);
        await world.Gateway.DeleteAsync($"/instance/delete/{instance.Name}", Ct);
        Assert.Empty(world.Simulator.World.Violations.Snapshot());
    }
}
