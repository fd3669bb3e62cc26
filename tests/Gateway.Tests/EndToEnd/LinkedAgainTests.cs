using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>An instance that is logged out, deleted or unlinked, and comes back.</summary>
public sealed class LinkedAgainTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Logged_out_and_linked_again_both_ways_work_at_once_and_the_old_messages_are_kept()
    {
        await ConverseAsync("before");
        await _linked.Gateway.DeleteAsync("/instance/logout/sales", Ct);
        Assert.Empty(_linked.Own.Devices());

        await LinkAsync();
        await ConverseAsync("after");

        Assert.Equal(["after, in", "after, out", "before, in", "before, out"], await TextsAsync());
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_the_history_brings_again_is_not_told_again()
    {
        await ConverseAsync("before");
        await _linked.Gateway.DeleteAsync("/instance/logout/sales", Ct);
        var before = _linked.Receiver.Events.Count;
        // The phone has it and the instance does not: the history's only news.
        var missed = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "missed");
        await _linked.Own.WaitForMessageAsync(message => message.Id == missed, ct: Ct);
        var stranger = await _linked.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        var first = await stranger.SendTextAsync(LinkedGateway.OwnNumber, "first");
        await _linked.Own.WaitForMessageAsync(message => message.Id == first, ct: Ct);

        await LinkAsync();
        await _linked.Receiver.WaitForAsync(e => Ids(e, "messages.set").Contains(missed), before, Ct);
        await ConverseAsync("after");

        var told = _linked.Receiver.Events.Skip(before).ToList();
        Assert.Equal(new[] { missed, first }.Order(StringComparer.Ordinal), told.SelectMany(e => Ids(e, "messages.set")).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["5511999990003@s.whatsapp.net"],
            told.Where(e => (string?)e["event"] == "chats.set").SelectMany(e => e["data"]!.AsArray()).Select(chat => (string?)chat!["remoteJid"]));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_message_that_the_history_has_already_is_told_when_it_comes_too()
    {
        await _linked.Gateway.DeleteAsync("/instance/logout/sales", Ct);
        var before = _linked.Receiver.Events.Count;
        var id = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "while it was linked");
        await _linked.Own.WaitForMessageAsync(message => message.Id == id, ct: Ct);
        await LinkAsync();
        await _linked.Receiver.WaitForAsync(e => Ids(e, "messages.set").Contains(id), before, Ct);

        await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "while it was linked", new OutgoingMessage { Id = id });

        await _linked.Receiver.WaitForAsync(e => (string?)e["event"] == "messages.upsert" && (string?)e["data"]!["key"]!["id"] == id, before, Ct);
        Assert.Equal(["while it was linked"], await TextsAsync());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Deleted_and_created_again_under_the_same_name_nothing_old_shows()
    {
        await ConverseAsync("before");
        var old = (string)(await FetchAsync())["id"]!;
        await _linked.Gateway.DeleteAsync("/instance/delete/sales", Ct);

        // The name is free as soon as the deletion is answered.
        var created = await _linked.Gateway.PostAsync(
            "/instance/create",
            new { instanceName = "sales", integration = "WHATSAPP-BAILEYS", qrcode = true, webhook = new { enabled = true, url = _linked.Receiver.Url.ToString(), events = Array.Empty<string>() } },
            Ct);
        Assert.Empty(await TextsAsync());
        Assert.Empty((await _linked.Gateway.PostAsync("/chat/findChats/sales", new JsonObject(), Ct)).AsArray());
        Assert.Empty((await _linked.Gateway.PostAsync("/chat/findContacts/sales", new JsonObject(), Ct)).AsArray());
        Assert.NotEqual(old, (string?)created["instance"]!["instanceId"]);
        await ScanAsync((string)created["qrcode"]!["code"]!);
        await ConverseAsync("after");

        // What was before it has from the phone now, as its history.
        Assert.Equal(["after, in", "after, out"], (await TextsAsync()).Except(["before, in", "before, out"]));
        Assert.Single(_linked.Own.Devices());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Unlinked_on_the_phone_it_is_closed_everywhere_a_send_says_why_and_a_new_code_links()
    {
        var before = _linked.Receiver.Events.Count;

        await _linked.Own.RemoveDeviceAsync(_linked.Own.Devices().Single().Number);

        await _linked.Receiver.WaitForAsync(e => (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "close", before, Ct);
        var state = await _linked.Gateway.GetAsync("/instance/connectionState/sales", Ct);
        Assert.Equal(("close", "close"), ((string?)state["instance"]!["state"], (string?)(await FetchAsync())["connectionStatus"]));
        using var refused = await _linked.Gateway.Http.PostAsJsonAsync("/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text = "too late" }, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("Connection Closed", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await LinkAsync();
        await ConverseAsync("after");
    }

    private static IEnumerable<string> Ids(JsonNode e, string name) =>
        (string?)e["event"] == name ? e["data"]!.AsArray().Select(record => (string)record!["key"]!["id"]!) : [];

    /// <summary>A text each way; returns when both have arrived.</summary>
    private async Task ConverseAsync(string when)
    {
        var incoming = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, $"{when}, in");
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == incoming, Ct);
        var sent = await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text = $"{when}, out" }, Ct);
        var outgoing = (string)sent["key"]!["id"]!;
        await _linked.Other.WaitForMessageAsync(message => message.Id == outgoing && message.Text == $"{when}, out", ct: Ct);
    }

    private async Task LinkAsync() => await ScanAsync((string)(await _linked.Gateway.GetAsync("/instance/connect/sales", Ct))["code"]!);

    private async Task ScanAsync(string code)
    {
        var before = _linked.Receiver.Events.Count;
        await _linked.Own.ScanAsync(code, ct: Ct);
        await _linked.Receiver.WaitForAsync(e => (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "open", before, Ct);
    }

    private async Task<JsonNode> FetchAsync() => (await _linked.Gateway.GetAsync("/instance/fetchInstances?instanceName=sales", Ct))[0]!;

    private async Task<IEnumerable<string>> TextsAsync()
    {
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new JsonObject(), Ct);
        return found["messages"]!["records"]!.AsArray().Select(record => (string)record!["message"]!["conversation"]!).Order(StringComparer.Ordinal);
    }
}
