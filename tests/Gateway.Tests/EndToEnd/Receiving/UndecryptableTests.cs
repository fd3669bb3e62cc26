using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>What can't be read yet: an event for who wants to know, a row that is completed, and the message told once.</summary>
public sealed class UndecryptableTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 3600);
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _linked = await LinkedGateway.StartAsync(Ct);
        // The phone's messages to its own companion are over then.
        await _linked.SettleAsync(Ct);
    }

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Who_names_the_event_gets_it_and_the_message_once_when_its_author_sends_it_again()
    {
        await _linked.SubscribeAsync(Ct, events: ["MESSAGES_UPSERT", "MESSAGES_UNDECRYPTABLE"]);
        // Nobody else can give it.
        await _linked.Own.GoOfflineAsync();
        await SpoilAsync(count: 1);

        var id = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "Can you read this?", new OutgoingMessage { At = s_at });

        await CompletedAsync(id);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task And_once_when_our_own_phone_has_it()
    {
        await _linked.SubscribeAsync(Ct, events: ["MESSAGES_UPSERT", "MESSAGES_UNDECRYPTABLE"]);
        // The author never hears that we could not read it.
        await _linked.ControlAsync(
            "/v1/faults", new { client = LinkedGateway.OwnNumber, when = new { direction = "fromClient", tag = "receipt", type = "retry", count = 0 }, @do = new { drop = true } }, Ct);
        await SpoilAsync(count: 1);

        var id = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "Can you read this?", new OutgoingMessage { At = s_at });

        await CompletedAsync(id);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Who_takes_all_of_Evolutions_events_does_not_get_it()
    {
        await SpoilAsync(count: 1);

        var id = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "Can you read this?");

        await _linked.UpsertAsync(id, Ct);
        await _linked.SettleAsync(Ct);
        Assert.DoesNotContain(_linked.Receiver.Events, e => (string?)e["event"] == "messages.undecryptable");
        var webhook = await _linked.Gateway.GetAsync("/webhook/find/sales", Ct);
        Assert.Equal(31, webhook["events"]!.AsArray().Count);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_message_that_comes_again_later_keeps_the_time_at_which_it_came_first()
    {
        await _linked.SubscribeAsync(Ct, events: ["MESSAGES_UPSERT", "MESSAGES_UNDECRYPTABLE"]);
        await _linked.ControlAsync(
            "/v1/faults", new { client = LinkedGateway.OwnNumber, when = new { direction = "fromClient", tag = "receipt", type = "retry", count = 0 }, @do = new { drop = true } }, Ct);
        var id = await _linked.Other.SendTextAsync(
            LinkedGateway.OwnNumber, "Can you read this?", new OutgoingMessage { At = s_at, Plaintext = new byte[] { 0xFF, 0xFF } });
        await _linked.Receiver.WaitAsync("messages.undecryptable", data => (string?)data["key"]!["id"] == id, Ct);

        // As a client does that lets the server date what it sends again.
        await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "Can you read this?", new OutgoingMessage { Id = id, Count = 1 });

        var read = await _linked.UpsertAsync(id, Ct);
        Assert.Equal(s_at.ToUnixTimeSeconds(), (long?)read["messageTimestamp"]);
        Assert.Equal(s_at.ToUnixTimeSeconds(), (long?)(await _linked.FindAsync(id, Ct))!["messageTimestamp"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_name_that_is_no_event_is_refused_with_Evolutions_list()
    {
        var refused = await _linked.Gateway.RefusedAsync(
            "/webhook/set/sales", new { webhook = new { enabled = true, url = _linked.Receiver.Url.ToString(), events = new[] { "NONSENSE" } } }, Ct);

        Assert.DoesNotContain("MESSAGES_UNDECRYPTABLE", refused.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("STATUS_INSTANCE", refused.ToJsonString(), StringComparison.Ordinal);
    }

    private Task SpoilAsync(int count) =>
        _linked.ControlAsync("/v1/faults", new { client = LinkedGateway.OwnNumber, when = new { tag = "message", type = "text", count }, @do = new { corrupt = true } }, Ct);

    private async Task CompletedAsync(string id)
    {
        var missing = (await _linked.Receiver.WaitAsync("messages.undecryptable", null, Ct))["data"]!;
        Assert.Equal(
            (id, LinkedGateway.OtherJid, s_at.ToUnixTimeSeconds(), true, "Bob"),
            ((string?)missing["key"]!["id"], (string?)missing["key"]!["remoteJid"], (long?)missing["messageTimestamp"], (bool?)missing["awaited"], (string?)missing["pushName"]));
        Assert.NotEmpty((string)missing["reason"]!);

        var read = await _linked.UpsertAsync(id, Ct);
        Assert.Equal(("Can you read this?", s_at.ToUnixTimeSeconds()), ((string?)read["message"]!["conversation"], (long?)read["messageTimestamp"]));
        await _linked.AgreesWithRecordAsync(read, Ct);
        await _linked.SettleAsync(Ct);
        Assert.Equal(["messages.undecryptable", "messages.upsert"], _linked.EventsOf(id));
    }
}
