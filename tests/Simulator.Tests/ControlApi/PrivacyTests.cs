using System.Net;
using System.Text.Json.Nodes;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;
using Evolution.Simulator.Tests.Faults;

namespace Evolution.Simulator.Tests.ControlApi;

/// <summary>Privacy settings and blocked people: kept, answered, told to linked devices, and obeyed.</summary>
public sealed class PrivacyTests : IAsyncLifetime
{
    private const string Own = "5511999990001";
    private const string Alice = "5511999990002";
    private const string Bob = "5511999990003";
    private TestSimulator _simulator = null!;
    private ControlClient _api = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await TestSimulator.StartAsync();
        _api = new ControlClient(_simulator.Host);
        foreach (var number in (string[])[Own, Alice, Bob])
            await _api.PhoneAsync(number);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task A_setting_is_kept_answered_and_told_to_linked_devices()
    {
        await using var companion = await Companion.LinkAsync(_simulator.Host, _api, Own);

        var now = await _api.PostAsync($"/v1/phones/{Own}/privacy", new { last = "none", groupadd = "contacts" }, HttpStatusCode.Accepted);

        Assert.Equal(("none", "contacts", "all"), ((string?)now["last"], (string?)now["groupadd"], (string?)now["readreceipts"]));
        var told = (await _api.StanzaAsync(companion.Jid, "direction=out&tag=notification", node => node.Child("privacy") is not null))["node"]!;
        Assert.Equal("account_sync", told.Attr("type"));
        Assert.Equal([("groupadd", "contacts"), ("last", "none")], Categories(told.Child("privacy")!).Order());
        var answer = await AskAsync(companion, "get", new Node("privacy"), "privacy");
        Assert.Contains(("last", "none"), Categories(answer.Child("privacy")!));
        Assert.Contains(("readreceipts", "all"), Categories(answer.Child("privacy")!));

        await AskAsync(companion, "set", new Node("privacy", null, [new Node("category", new NodeAttributes { { "name", "last" }, { "value", "all" } })]), "privacy");
        Assert.Equal("all", (string?)(await _api.GetAsync($"/v1/phones/{Own}/privacy"))["last"]);
    }

    [Fact]
    public async Task Who_is_blocked_stands_in_the_answer_and_linked_devices_are_told()
    {
        await using var companion = await Companion.LinkAsync(_simulator.Host, _api, Own);
        var lid = (string?)(await _api.GetAsync($"/v1/phones/{Alice}"))["lid"];

        var blocked = await _api.PostAsync($"/v1/phones/{Own}/block", new { to = Alice }, HttpStatusCode.Accepted);

        Assert.Equal([Alice], blocked["blocked"]!.AsArray().Select(number => (string?)number));
        var told = (await _api.StanzaAsync(companion.Jid, "direction=out&tag=notification", node => node.Child("blocklist") is not null))["node"]!;
        Assert.Equal("account_sync", told.Attr("type"));
        // Whoever is told "modify" asks for the whole list instead of reading on.
        Assert.Null(told.Child("blocklist")!.Attr("action"));
        Assert.Equal(("block", lid), (told.Child("blocklist")!.Child("item")!.Attr("action"), told.Child("blocklist")!.Child("item")!.Attr("jid")));
        var answer = (await AskAsync(companion, "get", null, "blocklist")).Child("list")!;
        Assert.Equal((lid, Alice + "@s.whatsapp.net"), (answer.Child("item")!.Attr("jid"), answer.Child("item")!.Attr("pn_jid")));
        Assert.Equal(answer.Attr("dhash"), told.Child("blocklist")!.Attr("dhash"));

        await AskAsync(companion, "set", new Node("item", new NodeAttributes { { "action", "unblock" }, { "jid", lid } }), "blocklist");
        Assert.Empty((await _api.GetAsync($"/v1/phones/{Own}/block"))["blocked"]!.AsArray());
    }

    [Fact]
    public async Task The_companion_that_changes_something_is_not_told_and_another_is()
    {
        await using var first = await Companion.LinkAsync(_simulator.Host, _api, Own);
        await using var second = await Companion.LinkAsync(_simulator.Host, _api, Own);

        await AskAsync(first, "set", new Node("privacy", null, [new Node("category", new NodeAttributes { { "name", "online" }, { "value", "match_last_seen" } })]), "privacy");

        await _api.StanzaAsync(second.Jid, "direction=out&tag=notification", node => node.Child("privacy") is not null);
        Assert.DoesNotContain(await _api.StanzasAsync(first.Jid, "direction=out&tag=notification"), node => node.Child("privacy") is not null);
    }

    [Fact]
    public async Task Both_survive_a_restart()
    {
        await _api.PostAsync($"/v1/phones/{Own}/privacy", new { calladd = "known" }, HttpStatusCode.Accepted);
        await _api.PostAsync($"/v1/phones/{Own}/block", new { to = Alice }, HttpStatusCode.Accepted);
        await _api.PostAsync($"/v1/phones/{Own}/block", new { to = Bob }, HttpStatusCode.Accepted);
        await _api.PostAsync($"/v1/phones/{Own}/block", new { to = Bob, blocked = false }, HttpStatusCode.Accepted);

        await _simulator.RestartAsync();

        using var api = new ControlClient(_simulator.Host);
        Assert.Equal("known", (string?)(await api.GetAsync($"/v1/phones/{Own}/privacy"))["calladd"]);
        Assert.Equal([Alice], (await api.GetAsync($"/v1/phones/{Own}/block"))["blocked"]!.AsArray().Select(number => (string?)number));
    }

    [Fact]
    public async Task Messages_calls_and_typing_of_a_blocked_person_do_not_come_through()
    {
        await using var companion = await Companion.LinkAsync(_simulator.Host, _api, Own);
        Connection(companion).Available = true;
        await _api.PostAsync($"/v1/phones/{Own}/block", new { to = Alice }, HttpStatusCode.Accepted);
        var lost = (string)(await _api.PostAsync($"/v1/phones/{Alice}/messages", new { to = Own, text = "blocked" }))["id"]!;
        string last = "";
        foreach (var number in (string[])[Alice, Bob])
        {
            await _api.PostAsync($"/v1/phones/{number}/calls", new { to = Own }, HttpStatusCode.Accepted);
            await _api.PostAsync($"/v1/phones/{number}/presence", new { to = Own, state = "composing" }, HttpStatusCode.Accepted);
            last = (string)(await _api.PostAsync($"/v1/phones/{number}/messages", new { to = Own, text = "hello" }))["id"]!;
        }

        await companion.MessageAsync(last);

        Assert.Null(_simulator.Phone(Own).FindMessage(lost));
        foreach (var tag in (string[])["message", "call", "chatstate"])
        {
            await _api.StanzaAsync(companion.Jid, $"direction=out&tag={tag}", node => node.Attr("from")!.StartsWith(Bob, StringComparison.Ordinal));
            Assert.DoesNotContain(await _api.StanzasAsync(companion.Jid, $"direction=out&tag={tag}"), node => node.Attr("from")!.StartsWith(Alice, StringComparison.Ordinal));
        }

        await _api.PostAsync($"/v1/phones/{Own}/block", new { to = Alice, blocked = false }, HttpStatusCode.Accepted);
        await companion.MessageAsync((string)(await _api.PostAsync($"/v1/phones/{Alice}/messages", new { to = Own, text = "again" }))["id"]!);
    }

    [Fact]
    public async Task Hidden_read_receipts_last_seen_and_picture_stay_hidden()
    {
        await using var companion = await Companion.LinkAsync(_simulator.Host, _api, Own);
        await _api.PostAsync($"/v1/phones/{Alice}/profile", new { picture = Convert.ToBase64String([0xFF, 0xD8, 1]) }, HttpStatusCode.Accepted);
        await _api.PostAsync($"/v1/phones/{Alice}/privacy", new { readreceipts = "none", last = "none", profile = "none" }, HttpStatusCode.Accepted);
        string[] sent = [.. await Task.WhenAll(SendAsync("one"), SendAsync("two"))];
        await ReadAsync(sent[0]);
        var picture = await AskAsync(companion, "get", new Node("picture", new NodeAttributes { { "type", "image" }, { "query", "url" } }), "w:profile:picture", Alice);
        Assert.Equal("401", picture.Child("error")!.Attr("code"));
        await _simulator.World.Router.RouteAsync(Connection(companion), new Node("presence", new NodeAttributes { { "type", "subscribe" }, { "to", Alice + "@s.whatsapp.net" } }));
        await _api.PostAsync($"/v1/phones/{Alice}/presence", new { state = "available" }, HttpStatusCode.Accepted);
        await _api.PostAsync($"/v1/phones/{Alice}/presence", new { state = "unavailable" }, HttpStatusCode.Accepted);
        var seen = await _api.StanzaAsync(companion.Jid, "direction=out&tag=presence", node => node.Attr("type") is null);
        var left = await _api.StanzaAsync(companion.Jid, "direction=out&tag=presence", node => node.Attr("type") == "unavailable", (long)seen["seq"]!);
        Assert.Equal("deny", left["node"]!.Attr("last"));

        await _api.PostAsync($"/v1/phones/{Alice}/privacy", new { readreceipts = "all" }, HttpStatusCode.Accepted);
        await ReadAsync(sent[1]);

        await _simulator.Phone(Bob).WaitForMessageAsync(m => m.Id == sent[1] && m.Receipts.Read is not null, ct: Ct);
        Assert.Null(_simulator.Phone(Bob).FindMessage(sent[0])!.Receipts.Read);

        async Task<string> SendAsync(string text)
        {
            var id = await _simulator.Phone(Bob).SendTextAsync(Alice, text);
            await _simulator.Phone(Alice).WaitForMessageAsync(m => m.Id == id, ct: Ct);
            return id;
        }

        Task ReadAsync(string id) => _api.PostAsync($"/v1/phones/{Alice}/receipts", new { chat = Bob, ids = new[] { id }, type = "read" }, HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("privacy", "{}", 400)]
    [InlineData("privacy", """{"last":"maybe"}""", 400)]
    [InlineData("privacy", """{"lastseen":"none"}""", 400)]
    [InlineData("block", "{}", 400)]
    [InlineData("block", """{"to":"5511999990009"}""", 404)]
    [InlineData("block", """{"to":"5511999990001"}""", 400)]
    public async Task What_makes_no_sense_is_refused(string call, string body, int status) =>
        Assert.NotEmpty((string)(await _api.PostTextAsync($"/v1/phones/{Own}/{call}", body, (HttpStatusCode)status))["message"]!);

    private ServerConnection Connection(Companion companion) => _simulator.World.Login.Connections.Single(c => c.Device?.PhoneJid.ToString() == companion.Jid);

    /// <summary>What the server answers to an iq of the companion.</summary>
    private async Task<JsonNode> AskAsync(Companion companion, string type, Node? body, string xmlns, string? target = null)
    {
        var id = Guid.NewGuid().ToString("N");
        var attributes = new NodeAttributes { { "id", id }, { "type", type }, { "xmlns", xmlns }, { "to", "s.whatsapp.net" }, { "target", target is null ? null : target + "@s.whatsapp.net" } };
        await _simulator.World.Iqs.AnswerAsync(Connection(companion), body is null ? new Node("iq", attributes) : new Node("iq", attributes, [body]));
        return (await _api.StanzaAsync(companion.Jid, "direction=out&tag=iq", node => node.Attr("id") == id))["node"]!;
    }

    private static IEnumerable<(string?, string?)> Categories(JsonNode privacy) => privacy["content"]!.AsArray().Select(category => (category!.Attr("name"), category!.Attr("value")));
}
