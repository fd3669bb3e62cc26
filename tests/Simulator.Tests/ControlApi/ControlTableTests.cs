using System.Net;
using System.Text.Json.Nodes;
using Evolution.Client;
using Evolution.Simulator.Tests.Faults;

namespace Evolution.Simulator.Tests.ControlApi;

/// <summary>The fields and status codes of every call, which test suites in other languages rely on.</summary>
public sealed class ControlTableTests : IAsyncLifetime
{
    private const string Own = "5511999990001";
    private const string Other = "5511999990002";
    private const string Iso = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$";
    private TestSimulator _simulator = null!;
    private ControlClient _api = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await TestSimulator.StartAsync();
        _api = new ControlClient(_simulator.Host);
        await _api.PhoneAsync(Own);
        await _api.PhoneAsync(Other);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Info_and_phones_have_their_fields()
    {
        Has(await _api.GetAsync("/v1/info"), "webSocketUrl", "rootKey", "mediaHost", "mediaCa", "version");
        var made = await _api.PostAsync("/v1/phones", new { number = "5511999990003", name = "Carol", lid = "123456789012345", history = new { chats = 2, messagesPerChat = 3 } });
        Has(made, "number", "lid", "jid", "name", "online", "devices");
        Assert.Equal(("5511999990003", "123456789012345@lid", "5511999990003@s.whatsapp.net", "Carol", true),
            ((string?)made["number"], (string?)made["lid"], (string?)made["jid"], (string?)made["name"], (bool)made["online"]!));
        Assert.Equal(6, (await _api.GetAsync("/v1/phones/5511999990003/messages"))["messages"]!.AsArray().Count);
        await _api.PostAsync("/v1/phones", new { number = "5511999990004", lid = "123456789012346@lid", history = new { chats = 2, messagesPerChat = 0 } });
        Assert.Equal("5511999990004", (string?)(await _api.GetAsync("/v1/phones/123456789012346@lid"))["number"]);
        Assert.Equal(4, (await _api.GetAsync("/v1/phones")).AsArray().Count);
        Assert.NotEmpty((string)(await _api.GetAsync("/v1/phones/5511999990099", HttpStatusCode.NotFound))["message"]!);
    }

    [Fact]
    public async Task A_companion_s_fields_and_stanzas_are_shown_and_a_reset_forgets_all()
    {
        await using var companion = await Companion.LinkAsync(_simulator.Host, _api, Own);
        var client = Assert.Single((await _api.GetAsync("/v1/clients")).AsArray())!;
        Has(client, "jid", "device", "kind", "connectedAt", "passive", "queued", "unackedCount");
        Assert.Equal((companion.Jid, 1, false), ((string?)client["jid"], (int)client["device"]!, (bool)client["passive"]!));
        Assert.Matches(Iso, (string?)client["connectedAt"]);
        var device = Assert.Single((await _api.GetAsync($"/v1/phones/{Own}"))["devices"]!.AsArray())!;
        Has(device, "device", "platform", "connected", "lastSeen");
        Assert.Matches(Iso, (string?)device["lastSeen"]);

        var before = (long)(await _api.GetAsync($"/v1/clients/{companion.Jid}/stanzas?limit=5000"))["next"]!;
        var waiting = _api.GetAsync($"/v1/clients/{companion.Jid}/stanzas?direction=in&tag=message&after={before}&wait=20");
        await companion.SendAsync(_simulator.Phone(Other), "decoded");
        var stanza = Assert.Single((await waiting)["stanzas"]!.AsArray())!;
        Has(stanza, "seq", "at", "direction", "node", "plaintext");
        Assert.Equal(("in", "message", "decoded"), ((string?)stanza["direction"], (string?)stanza["node"]!["tag"], (string?)stanza["plaintext"]!["conversation"]));
        Assert.Equal((long)stanza["seq"]!, (long)(await waiting)["next"]!);
        var bytes = stanza["node"]!.Child("participants")!.Child("to")!.Child("enc")!["content"]!;
        Assert.NotEmpty(Convert.FromBase64String((string)bytes!));

        await _api.PostAsync("/v1/groups", new { creator = Own, subject = "Club", participants = new[] { Other } });
        await _api.PostAsync("/v1/reset", new { }, HttpStatusCode.NoContent);
        foreach (var list in (string[])["/v1/phones", "/v1/clients", "/v1/groups", "/v1/faults"])
            Assert.Empty((await _api.GetAsync(list)).AsArray());
        await _api.PhoneAsync(Own);
        Assert.Empty((await _api.GetAsync($"/v1/clients/{Own}/stanzas"))["stanzas"]!.AsArray());
    }

    [Fact]
    public async Task A_message_has_its_fields_on_both_sides()
    {
        var first = (string)(await _api.PostAsync($"/v1/phones/{Other}/messages", new { to = Own, text = "first" }))["id"]!;
        await _api.WaitForAsync(Own, first);
        var image = new { base64 = Convert.ToBase64String([1, 2, 3]), mimetype = "image/png", caption = "c", width = 2, height = 3 };
        var id = (string)(await _api.PostAsync($"/v1/phones/{Own}/messages", new
        {
            to = Other,
            id = "MY-1",
            at = "2026-01-31T12:00:00Z",
            image,
            quoted = new { id = first },
            mentions = new[] { Other },
            forwarded = true,
            viewOnce = true,
            ephemeral = 86400,
        }))["id"]!;

        var got = await _api.WaitForAsync(Other, id);
        await _simulator.Phone(Own).WaitForMessageAsync(m => m.Id == id && m.Receipts.Delivered is not null, ct: Ct);
        var sent = await _api.WaitForAsync(Own, id);
        foreach (var message in (JsonNode[])[got, sent])
        {
            Has(message, "id", "chat", "from", "fromMe", "at", "type", "content", "media", "quotedId", "receipts");
            Has(message["media"]!, "sha256", "size", "mimetype");
            Assert.Equal(["delivered", "read", "played"], message["receipts"]!.AsObject().Select(field => field.Key));
            Assert.Equal(("MY-1", Own, "2026-01-31T12:00:00.000Z", first), ((string?)message["id"], (string?)message["from"], (string?)message["at"], (string?)message["quotedId"]));
        }

        Assert.Equal((Own + "@s.whatsapp.net", false), ((string?)got["chat"], (bool)got["fromMe"]!));
        Assert.Equal((Other + "@s.whatsapp.net", true), ((string?)sent["chat"], (bool)sent["fromMe"]!));
        Assert.Matches(Iso, (string?)sent["receipts"]!["delivered"]);
        Assert.Null(sent["receipts"]!["read"]);
        var context = got["content"]!["viewOnceMessageV2"]!["message"]!["imageMessage"]!["contextInfo"]!;
        Assert.Equal((Other + "@s.whatsapp.net", true, 86400), ((string?)context["mentionedJid"]![0], (bool)context["isForwarded"]!, (int)context["expiration"]!));
    }

    [Fact]
    public async Task Contacts_may_be_a_bare_list_and_a_status_reaches_contacts()
    {
        var id = (string)(await _api.PostAsync($"/v1/phones/{Own}/messages", new { to = Other, contacts = new[] { new { name = "Carol", number = "5511999990003" } } }))["id"]!;
        Assert.Equal("contactsArrayMessage", (string?)(await _api.WaitForAsync(Other, id))["type"]);

        var status = (string)(await _api.PostAsync($"/v1/phones/{Own}/messages", new { to = "status", text = "to all" }))["id"]!;
        var got = await _api.WaitForAsync(Other, status);
        Assert.Equal(("status@broadcast", Own, "to all"), ((string?)got["chat"], (string?)got["from"], (string?)got["text"]));
    }

    [Fact]
    public async Task What_else_a_person_does_is_accepted_with_an_object()
    {
        var id = (string)(await _api.PostAsync($"/v1/phones/{Other}/messages", new { to = Own, text = "read me" }))["id"]!;
        await _api.WaitForAsync(Own, id);
        foreach (var (call, body) in ((string, object)[])
        [
            ("receipts", new { chat = Other, ids = new[] { id }, type = "read" }),
            ("receipts", new { chat = Other + "@s.whatsapp.net", ids = new[] { id }, type = "played" }),
            ("presence", new { state = "available" }),
            ("presence", new { to = Other, state = "composing" }),
            ("presence", new { to = Other, state = "recording" }),
            ("presence", new { to = Other, state = "paused" }),
            ("presence", new { state = "unavailable" }),
            ("calls", new { to = Other, video = true }),
            ("profile", new { name = "Me", about = "Here" }),
            ("business", new { description = "Shop", websites = new[] { "https://shop.example" }, openDays = new[] { "mon" } }),
            ("privacy", new { readreceipts = "none" }),
            ("block", new { to = Other }),
        ])
        {
            using var answer = await _api.Http.PostAsync($"/v1/phones/{Own}/{call}", System.Net.Http.Json.JsonContent.Create(body), Ct);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.IsType<JsonObject>(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct)));
        }
    }

    [Theory]
    [InlineData("chats/5511999990002@s.whatsapp.net", """{"archive":true}""")]
    [InlineData("labels", """{"name":"New"}""")]
    public async Task What_needs_app_state_patches_says_that_it_is_not_there_yet(string call, string body)
    {
        var answer = await _api.PostTextAsync($"/v1/phones/{Own}/{call}", body, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("not_available_yet", (string?)answer["error"]);
        await _api.PostTextAsync($"/v1/phones/5511999990099/{call}", body, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_load_counts_and_takes_a_content()
    {
        await using var companion = await Companion.LinkAsync(_simulator.Host, _api, Own);
        var id = (string)(await _api.PostAsync("/v1/load", new { senders = new[] { Other }, to = companion.Jid, ratePerSecond = 100, count = 2, content = new { text = "hello" } }))["id"]!;
        Assert.Equal("hello", (await companion.EventAsync<MessageReceived>()).Content.Conversation);
        Assert.Equal("hello", (await companion.EventAsync<MessageReceived>()).Content.Conversation);
        Has(await _api.GetAsync($"/v1/load/{id}"), "sent", "ackedByServer", "delivered", "undecryptable", "elapsedMs", "p50Ms", "p99Ms");
    }

    [Fact]
    public async Task A_group_has_a_description_and_an_invite_and_its_members_see_who_types()
    {
        const string carol = "5511999990003", dan = "5511999990004";
        await _api.PhoneAsync(carol);
        await _api.PhoneAsync(dan);
        await using var companion = await Companion.LinkAsync(_simulator.Host, _api, Other);
        _simulator.World.Login.Connections.Single(c => c.Device is not null).Available = true;
        var jid = (string)(await _api.PostAsync("/v1/groups", new { creator = Own, subject = "Club", participants = new[] { Other } }))["jid"]!;
        using var patch = new StringContent("""{"subject":"New club","description":"For all"}""", System.Text.Encoding.UTF8, "application/json");
        using var patched = await _api.Http.PatchAsync($"/v1/groups/{jid}", patch, Ct);
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal(("New club", "For all"), ((string?)(await _api.GetAsync($"/v1/groups/{jid}"))["subject"], (string?)(await _api.GetAsync($"/v1/groups/{jid}"))["description"]));
        var told = await _api.StanzaAsync(companion.Jid, "direction=out&tag=notification", node => node.Child("description") is not null);
        Assert.Equal("For all", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)told["node"]!.Child("description")!.Child("body")!["content"]!)));

        using var nothing = await _api.Http.PostAsync($"/v1/groups/{jid}/invite", null, Ct);
        var invite = JsonNode.Parse(await nothing.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal((HttpStatusCode.OK, (string?)invite["code"]), (nothing.StatusCode, (string?)(await _api.GetAsync($"/v1/groups/{jid}/invite"))["code"]));
        Assert.EndsWith((string)invite["code"]!, (string?)invite["url"]);
        await _api.PostAsync($"/v1/groups/{jid}/invite", new { by = Other }, HttpStatusCode.Forbidden);
        var joined = await _api.PostAsync($"/v1/phones/{carol}/join", new { code = (string?)invite["url"] }, HttpStatusCode.OK);
        Assert.Contains(joined["participants"]!.AsArray(), member => (string?)member!["number"] == carol);
        await _api.PostAsync($"/v1/phones/{carol}/join", new { code = (string?)invite["code"] }, HttpStatusCode.Conflict);
        await _api.StanzaAsync(companion.Jid, "direction=out&tag=notification", node => node.Child("add")?.Attr("reason") == "invite");
        var renewed = await _api.PostAsync($"/v1/groups/{jid}/invite", new { renew = true }, HttpStatusCode.OK);
        Assert.NotEqual((string?)invite["code"], (string?)renewed["code"]);
        await _api.PostAsync($"/v1/phones/{dan}/join", new { code = (string?)invite["code"] }, HttpStatusCode.NotFound);

        await _api.PostAsync($"/v1/phones/{carol}/presence", new { to = jid, state = "composing" }, HttpStatusCode.Accepted);
        var typing = (await _api.StanzaAsync(companion.Jid, "direction=out&tag=chatstate", node => node.Attr("from") == jid))["node"]!;
        Assert.Equal((string?)(await _api.GetAsync($"/v1/phones/{carol}"))["lid"], typing.Attr("participant"));
        await _api.PostAsync($"/v1/phones/{dan}/presence", new { to = jid, state = "composing" }, HttpStatusCode.Forbidden);
        await _api.PostAsync($"/v1/phones/{dan}/presence", new { to = "status@broadcast", state = "composing" }, HttpStatusCode.UnprocessableEntity);

        await _simulator.RestartAsync();
        using var again = new ControlClient(_simulator.Host);
        Assert.Equal((string?)renewed["code"], (string?)(await again.GetAsync($"/v1/groups/{jid}/invite"))["code"]);
        Assert.Equal("For all", (string?)(await again.GetAsync($"/v1/groups/{jid}"))["description"]);
    }

    /// <summary>Every field is there; it may be null.</summary>
    private static void Has(JsonNode node, params string[] fields)
    {
        foreach (var field in fields)
            Assert.True(node.AsObject().ContainsKey(field), $"{field} is missing in {node.ToJsonString()}");
    }
}
