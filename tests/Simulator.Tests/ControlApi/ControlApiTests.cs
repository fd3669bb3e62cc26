using System.Net;
using System.Text.Json.Nodes;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Simulator.Tests.ControlApi;

public sealed class ControlApiTests : IAsyncLifetime
{
    private const string Alice = "5511999990001";
    private const string Bob = "5511999990002";
    private TestSimulator _simulator = null!;
    private ControlClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await TestSimulator.StartAsync();
        _api = new ControlClient(_simulator.Host);
        await _api.PhoneAsync(Alice);
        await _api.PhoneAsync(Bob);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Info_says_all_that_a_client_needs()
    {
        var info = await _api.GetAsync("/v1/info");

        Assert.Equal(_simulator.Host.WebSocketUrl.ToString(), (string?)info["webSocketUrl"]);
        Assert.Matches("^[0-9a-f]{64}$", (string?)info["rootKey"]);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", (string?)info["mediaCa"]);
        Assert.NotNull((string?)info["mediaHost"]);
        Assert.NotNull((string?)info["version"]);
    }

    [Fact]
    public async Task A_quoted_text_with_a_mention_arrives_decoded_and_its_receipts_rise()
    {
        var first = (string)(await _api.PostAsync($"/v1/phones/{Alice}/messages", new { to = Bob, text = "hello" }))["id"]!;
        await _api.WaitForAsync(Bob, first);
        var id = (string)(await _api.PostAsync($"/v1/phones/{Bob}/messages",
            new { to = Alice, text = "hello back", quoted = new { id = first }, mentions = new[] { Alice } }))["id"]!;

        var got = await _api.WaitForAsync(Alice, id);
        Assert.Equal($"{Bob}@s.whatsapp.net", (string?)got["chat"]);
        Assert.Equal(Bob, (string?)got["from"]);
        Assert.False((bool)got["fromMe"]!);
        Assert.Equal("extendedTextMessage", (string?)got["type"]);
        Assert.Equal("hello back", (string?)got["text"]);
        Assert.Equal(first, (string?)got["quotedId"]);
        var context = got["content"]!["extendedTextMessage"]!["contextInfo"]!;
        Assert.Equal($"{Alice}@s.whatsapp.net", (string?)context["participant"]);
        Assert.Equal("hello", (string?)context["quotedMessage"]!["conversation"]);
        Assert.Equal($"{Alice}@s.whatsapp.net", (string?)context["mentionedJid"]![0]);

        await _api.PostAsync($"/v1/phones/{Alice}/receipts", new { chat = Bob, ids = new[] { id }, type = "read" }, HttpStatusCode.Accepted);
        await _simulator.Phone(Bob).WaitForMessageAsync(m => m.Id == id && m.Receipts.Read is not null, ct: TestContext.Current.CancellationToken);
        var sent = await _api.WaitForAsync(Bob, id);
        Assert.NotNull((string?)sent["receipts"]!["delivered"]);
        Assert.EndsWith("Z", (string?)sent["receipts"]!["read"]);
        Assert.Null(sent["receipts"]!["played"]);
    }

    [Theory]
    [InlineData("""{"image":{"size":3000,"mimetype":"image/png","caption":"c","width":2,"height":3}}""", "imageMessage")]
    [InlineData("""{"image":{"size":3000,"mimetype":"image/png"},"viewOnce":true}""", "viewOnceMessageV2")]
    [InlineData("""{"video":{"base64":"AAECAw==","mimetype":"video/mp4","seconds":3}}""", "videoMessage")]
    [InlineData("""{"ptv":{"size":20,"mimetype":"video/mp4"}}""", "ptvMessage")]
    [InlineData("""{"audio":{"size":20,"mimetype":"audio/ogg; codecs=opus","ptt":true,"seconds":1}}""", "audioMessage")]
    [InlineData("""{"document":{"size":20,"mimetype":"application/pdf","fileName":"a.pdf"}}""", "documentMessage")]
    [InlineData("""{"sticker":{"size":20,"mimetype":"image/webp"}}""", "stickerMessage")]
    public async Task A_file_arrives_downloaded_and_verified(string body, string type)
    {
        var got = await SendAsync(body);

        Assert.Equal(type, (string?)got["type"]);
        Assert.NotNull((string?)got["media"]!["sha256"]);
        Assert.Null(got["media"]!["problem"]);
        Assert.Empty(_simulator.World.Violations.Snapshot());
    }

    [Theory]
    [InlineData("""{"extendedText":{"text":"see https://example.org","matchedText":"https://example.org","title":"t"}}""", "extendedTextMessage")]
    [InlineData("""{"text":"soon gone","ephemeral":86400,"forwarded":true}""", "extendedTextMessage")]
    [InlineData("""{"location":{"latitude":-23.5,"longitude":-46.6,"name":"n"}}""", "locationMessage")]
    [InlineData("""{"liveLocation":{"latitude":1,"longitude":2}}""", "liveLocationMessage")]
    [InlineData("""{"contact":{"name":"Carol","number":"5511999990003"}}""", "contactMessage")]
    [InlineData("""{"contacts":{"contacts":[{"name":"Carol","number":"5511999990003"},{"name":"Dan","vcard":"BEGIN:VCARD\nEND:VCARD"}]}}""", "contactsArrayMessage")]
    [InlineData("""{"buttonsReply":{"id":"1","text":"Yes"}}""", "buttonsResponseMessage")]
    [InlineData("""{"listReply":{"id":"1","title":"Yes"}}""", "listResponseMessage")]
    [InlineData("""{"templateReply":{"id":"1","text":"Yes"}}""", "templateButtonReplyMessage")]
    [InlineData("""{"event":{"name":"Party","start":"2030-01-01T10:00:00Z"}}""", "eventMessage")]
    [InlineData("""{"groupInvite":{"groupJid":"123456789@g.us","code":"abc","name":"Group"}}""", "groupInviteMessage")]
    [InlineData("""{"product":{"id":"7","title":"Thing","price1000":5000,"currency":"BRL"}}""", "productMessage")]
    [InlineData("""{"raw":"CgVoZWxsbw=="}""", "conversation")]
    public async Task A_content_arrives_as_what_it_is(string body, string type) => Assert.Equal(type, (string?)(await SendAsync(body))["type"]);

    [Fact]
    public async Task A_content_in_many_wrappers_can_be_read_and_hides_no_other()
    {
        var content = new Message { Conversation = "deep" };
        for (var i = 0; i < 45; i++)
            content = new Message { EphemeralMessage = new() { Message = content } };
        await _api.PostAsync($"/v1/phones/{Alice}/messages", new { to = Bob, raw = content.ToByteString().ToBase64() });
        var id = (string)(await _api.PostAsync($"/v1/phones/{Alice}/messages", new { to = Bob, text = "hello" }))["id"]!;

        // Deeper than readers go by themselves.
        using var answer = await _api.Http.GetAsync($"/v1/phones/{Alice}/messages", TestContext.Current.CancellationToken);
        var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), null, new() { MaxDepth = 256 })!;

        Assert.Equal(id, (string?)page["messages"]![1]!["id"]);
        Assert.Contains("deep", page["messages"]![0]!["content"]!.ToJsonString(new() { MaxDepth = 256 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reaction_edit_revoke_and_vote_name_the_message_they_are_about()
    {
        var own = (string)(await SendAsync("""{"text":"mistak"}"""))["id"]!;
        var poll = (string)(await SendAsync("""{"poll":{"name":"Lunch?","options":["yes","no"],"selectable":1}}"""))["id"]!;

        var edit = await SendAsync($$"""{"edit":{"id":"{{own}}","text":"mistake"} }""");
        var revoke = await SendAsync($$"""{"revoke":{"id":"{{own}}"} }""");
        var vote = await SendAsync($$"""{"vote":{"id":"{{poll}}","options":["yes"]} }""");
        var reaction = (string)(await _api.PostAsync($"/v1/phones/{Bob}/messages", new { to = Alice, reaction = new { id = own, emoji = "👍" } }))["id"]!;

        Assert.Equal("mistake", (string?)edit["content"]!["protocolMessage"]!["editedMessage"]!["conversation"]);
        Assert.Equal(own, (string?)revoke["content"]!["protocolMessage"]!["key"]!["id"]);
        Assert.Equal(poll, (string?)vote["content"]!["pollUpdateMessage"]!["pollCreationMessageKey"]!["id"]);
        var key = (await _api.WaitForAsync(Alice, reaction))["content"]!["reactionMessage"]!["key"]!;
        Assert.Equal(own, (string?)key["id"]);
        Assert.False((bool)key["fromMe"]!);
        await _api.PostAsync($"/v1/phones/{Bob}/messages", new { to = Alice, revoke = new { id = own } }, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Messages_wait_for_what_comes_and_page_by_next()
    {
        var page = await _api.GetAsync($"/v1/phones/{Bob}/messages");
        Assert.Empty(page["messages"]!.AsArray());
        var waiting = _api.GetAsync($"/v1/phones/{Bob}/messages?wait=20&from={Alice}&after={page["next"]}");
        await _api.PostAsync($"/v1/phones/{Alice}/messages", new { to = Bob, text = "now", id = "MYID-1", at = "2026-01-31T12:00:00Z" });

        var message = Assert.Single((await waiting)["messages"]!.AsArray())!;
        Assert.Equal("MYID-1", (string?)message["id"]);
        Assert.Equal("2026-01-31T12:00:00.000Z", (string?)message["at"]);
        Assert.Empty((await _api.GetAsync($"/v1/phones/{Bob}/messages?after={(long)(await waiting)["next"]!}"))["messages"]!.AsArray());
    }

    [Fact]
    public async Task Offline_and_online_hold_messages_back_and_let_them_in()
    {
        Assert.False((bool)(await _api.PostAsync($"/v1/phones/{Bob}/offline", new { }, HttpStatusCode.OK))["online"]!);
        await _api.PostAsync($"/v1/phones/{Bob}/messages", new { to = Alice, text = "x" }, HttpStatusCode.Conflict);
        var id = (string)(await _api.PostAsync($"/v1/phones/{Alice}/messages", new { to = Bob, text = "late" }))["id"]!;
        Assert.Empty((await _api.GetAsync($"/v1/phones/{Bob}/messages"))["messages"]!.AsArray());

        await _api.PostAsync($"/v1/phones/{Bob}/online", new { }, HttpStatusCode.OK);

        await _api.WaitForAsync(Bob, id);
    }

    [Theory]
    [InlineData("/v1/phones", "not json", 400)]
    [InlineData("/v1/phones", "[]", 400)]
    [InlineData("/v1/phones", """{"number":5}""", 400)]
    [InlineData("/v1/phones", """{"number":"+5511999990003"}""", 400)]
    [InlineData("/v1/phones", """{"number":"5511999990003","nmae":"x"}""", 400)]
    [InlineData("/v1/phones", """{"number":"5511999990001"}""", 409)]
    [InlineData("/v1/phones", """{"number":"5511999990003","history":{"chats":-1,"messagesPerChat":1}}""", 400)]
    [InlineData("/v1/phones/1/messages", """{"to":"5511999990002","text":"x"}""", 404)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990009","text":"x"}""", 404)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"1@newsletter","text":"x"}""", 422)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"120363000000000000@g.us","text":"x"}""", 404)]
    [InlineData("/v1/groups", """{"creator":"5511999990001","subject":"","participants":[]}""", 400)]
    [InlineData("/v1/groups", """{"creator":"5511999990001","subject":"x","participants":["5599999999999"]}""", 404)]
    [InlineData("/v1/groups/120363000000000000@g.us/participants", """{"action":"add","participants":["5511999990001"]}""", 404)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002"}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","text":"x","raw":"CgVoZWxsbw=="}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","text":"\ud800"}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","raw":"/w=="}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","image":{"mimetype":"image/png"}}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","image":{"size":1e99,"mimetype":"image/png"}}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","audio":{"size":1,"mimetype":"a","fileName":"x"}}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","text":"x","quoted":{"id":"NONE"}}""", 404)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","text":"x","viewOnce":true}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","text":"x","at":"yesterday"}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","text":"x","mentions":["a b"]}""", 400)]
    [InlineData("/v1/phones/5511999990001/messages", """{"to":"5511999990002","vote":{"id":"NONE","options":[]}}""", 404)]
    [InlineData("/v1/phones/5511999990001/scan", """{"qr":"hello"}""", 404)]
    [InlineData("/v1/phones/5511999990001/link-code", """{"code":"12"}""", 404)]
    [InlineData("/v1/phones/5511999990001/receipts", """{"chat":"5511999990002","ids":["NONE"]}""", 404)]
    [InlineData("/v1/phones/5511999990001/presence", """{"state":"dancing"}""", 400)]
    [InlineData("/v1/nothing", "{}", 404)]
    [InlineData("/v1/info", "{}", 405)]
    public async Task What_makes_no_sense_is_refused_with_a_reason(string path, string body, int status)
    {
        var answer = await _api.PostTextAsync(path, body, (HttpStatusCode)status);

        Assert.NotEmpty((string)answer["error"]!);
        Assert.NotEmpty((string)answer["message"]!);
    }

    [Fact]
    public async Task Queries_that_make_no_sense_are_refused()
    {
        foreach (var query in (string[])["after=-1", "after=x", "wait=1000", "limit=0"])
            Assert.Equal("bad-request", (string?)(await _api.GetAsync($"/v1/phones/{Bob}/messages?{query}", HttpStatusCode.BadRequest))["error"]);
        await _api.GetAsync("/v1/clients/nobody/stanzas", HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.NotFound, await _api.DeleteAsync($"/v1/phones/{Bob}/devices/7"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.DeleteAsync($"/v1/phones/{Bob}/devices/0"));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task Another_site_cannot_call(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/reset");
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await _api.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.NotEmpty(_simulator.World.Phones);
    }

    [Fact]
    public async Task A_group_is_made_renamed_and_written_to_and_only_its_admins_change_it()
    {
        const string carol = "5511999990003";
        await _api.PhoneAsync(carol);
        var made = await _api.PostAsync("/v1/groups", new { creator = Alice, subject = "Club", participants = new[] { Bob } });
        var jid = (string)made["jid"]!;
        Assert.Equal([(Alice, "superadmin"), (Bob, "member")], Members(made));

        using var patch = new StringContent("""{"subject":"New club"}""", System.Text.Encoding.UTF8, "application/json");
        using var renamed = await _api.Http.PatchAsync($"/v1/groups/{jid}", patch, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        await _api.PostAsync($"/v1/groups/{jid}/participants", new { action = "add", participants = new[] { carol }, by = Bob }, HttpStatusCode.Forbidden);
        await _api.PostAsync($"/v1/groups/{jid}/participants", new { action = "add", participants = new[] { carol } }, HttpStatusCode.OK);
        await _api.PostAsync($"/v1/groups/{jid}/participants", new { action = "add", participants = new[] { carol } }, HttpStatusCode.Conflict);
        await _api.PostAsync($"/v1/groups/{jid}/participants", new { action = "remove", participants = new[] { Bob }, by = Bob }, HttpStatusCode.OK);
        var group = await _api.GetAsync($"/v1/groups/{jid}");
        Assert.Equal("New club", (string?)group["subject"]);
        Assert.Equal([(Alice, "superadmin"), (carol, "member")], Members(group));
        Assert.Single((await _api.GetAsync("/v1/groups")).AsArray());

        var id = (string)(await _api.PostAsync($"/v1/phones/{Alice}/messages", new { to = jid, text = "hello" }))["id"]!;
        var quoting = (string)(await _api.PostAsync($"/v1/phones/{carol}/messages", new { to = jid, text = "hi", quoted = new { id = (string)(await _api.WaitForAsync(carol, id))["id"]! } }))["id"]!;
        var got = await _api.WaitForAsync(Alice, quoting);
        Assert.Equal((jid, carol, id), ((string?)got["chat"], (string?)got["from"], (string?)got["quotedId"]));
        await _api.PostAsync($"/v1/phones/{Bob}/messages", new { to = jid, text = "me too" }, HttpStatusCode.Forbidden);

        static (string, string)[] Members(JsonNode group) =>
            [.. group["participants"]!.AsArray().Select(member => ((string)member!["number"]!, (string)member["role"]!))];
    }

    [Fact]
    public async Task Reset_forgets_everybody()
    {
        await _api.PostAsync("/v1/reset", new { }, HttpStatusCode.NoContent);

        Assert.Empty((await _api.GetAsync("/v1/phones")).AsArray());
        await _api.PhoneAsync(Alice);
    }

    private async Task<JsonNode> SendAsync(string body)
    {
        var json = JsonNode.Parse(body)!;
        json["to"] = Bob;
        var sent = await _api.PostTextAsync($"/v1/phones/{Alice}/messages", json.ToJsonString(), HttpStatusCode.Created);
        return await _api.WaitForAsync(Bob, (string)sent["id"]!);
    }
}
