using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Statuses, both ways: what the route posts, who may read it, and what the webhook hears of others' statuses.</summary>
public sealed class StatusTests : IAsyncLifetime
{
    private const string Status = "status@broadcast";
    private const string StrangerNumber = "5511999990003";
    private LinkedGateway _linked = null!;
    private Phone _carol = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _linked = await LinkedGateway.StartAsync(Ct);
        _carol = await _linked.Simulator.World.CreatePhoneAsync(StrangerNumber, "Carol");
    }

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(LinkedGateway.OtherNumber)]
    [InlineData(LinkedGateway.OtherNumber + "@s.whatsapp.net")]
    public async Task A_text_reaches_the_readers_of_the_list_and_our_own_phone_alone(string reader)
    {
        var answer = await SendAsync(new { type = "text", content = "On holiday", backgroundColor = "#25D366", font = 2, statusJidList = new[] { reader, LinkedGateway.OwnNumber } });

        var id = (string)answer["key"]!["id"]!;
        Assert.Equal((Status, true, "PENDING"), ((string?)answer["key"]!["remoteJid"], (bool)answer["key"]!["fromMe"]!, (string?)answer["status"]));
        var seen = await SeenAsync(_linked.Other, id);
        Assert.Equal((Status, "On holiday"), (seen.Chat, seen.Text));
        var text = seen.Content.ExtendedTextMessage;
        Assert.Equal((0xFF25D366, 2), (text.BackgroundArgb, (int)text.Font));
        Assert.Equal("On holiday", (await SeenAsync(_linked.Own, id)).Text);
        Assert.Null(_carol.FindMessage(id));
        await _linked.Receiver.WaitAsync("send.message", data => JsonNode.DeepEquals(data, answer), Ct);
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { remoteJid = Status } } }, Ct);
        Assert.Equal(id, (string?)Assert.Single(found["messages"]!["records"]!.AsArray())!["key"]!["id"]);
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_image_reaches_all_contacts_who_have_a_name()
    {
        await MeetAsync(_linked.Other);

        var answer = await SendAsync(new { type = "image", content = Convert.ToBase64String(MediaSample.Jpeg), caption = "The sea", allContacts = true });

        var id = (string)answer["key"]!["id"]!;
        Assert.Equal("imageMessage", (string?)answer["messageType"]);
        var image = (await SeenAsync(_linked.Other, id)).Content.ImageMessage;
        Assert.Equal("The sea", image.Caption);
        Assert.Equal(SHA256.HashData(MediaSample.Jpeg), image.FileSha256.ToByteArray());
        Assert.Null(_carol.FindMessage(id));
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_video_and_a_voice_note_reach_those_who_are_named()
    {
        var opus = MediaSample.Opus(seconds: 2);
        var video = RandomNumberGenerator.GetBytes(1000);

        var shown = await SendAsync(new { type = "video", content = Convert.ToBase64String(video), caption = "The waves", statusJidList = new[] { LinkedGateway.OtherNumber } });
        var said = await SendAsync(new { type = "audio", content = Convert.ToBase64String(opus), statusJidList = new[] { LinkedGateway.OtherNumber } });

        var seen = (await SeenAsync(_linked.Other, (string)shown["key"]!["id"]!)).Content.VideoMessage;
        Assert.Equal(("The waves", "video/mp4"), (seen.Caption, seen.Mimetype));
        Assert.Equal(SHA256.HashData(video), seen.FileSha256.ToByteArray());
        var heard = (await SeenAsync(_linked.Other, (string)said["key"]!["id"]!)).Content.AudioMessage;
        Assert.Equal((true, 2U), (heard.Ptt, heard.Seconds));
        Assert.Equal(SHA256.HashData(opus), heard.FileSha256.ToByteArray());
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("""{"type":"text","content":"","backgroundColor":"#000000","font":1,"statusJidList":["5511999990002"]}""", 400, "Content is required")]
    [InlineData("""{"type":"text","content":"x","backgroundColor":"#000000","font":1}""", 400, "StatusJidList is required")]
    [InlineData("""{"type":"text","content":"x","backgroundColor":"#000000","font":1,"allContacts":true}""", 400, "Contacts not found")]
    [InlineData("""{"type":"text","content":"x","font":1,"statusJidList":["5511999990002"]}""", 400, "Background color is required")]
    [InlineData("""{"type":"text","content":"x","backgroundColor":"green","font":1,"statusJidList":["5511999990002"]}""", 400, "Background color must be hexadecimal, such as #25D366")]
    [InlineData("""{"type":"text","content":"x","backgroundColor":"#000000","font":0,"statusJidList":["5511999990002"]}""", 400, "Font is required")]
    [InlineData("""{"type":"image","content":"no picture at all","statusJidList":["5511999990002"]}""", 400, "Owned media must be a url or base64")]
    [InlineData("""{"type":"video","content":"no video at all","statusJidList":["5511999990002"]}""", 400, "Owned media must be a url or base64")]
    public async Task What_cannot_be_posted_is_refused_and_leaves_nothing(string body, int status, string message)
    {
        var refusal = await RefusedAsync(JsonNode.Parse(body)!, status);

        Assert.Equal(message, (string?)Assert.Single(refusal));
        await NothingStoredAsync();
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Nobody_is_left_when_only_strangers_and_we_ourselves_are_listed()
    {
        var refusal = await RefusedAsync(
            new JsonObject
            {
                ["type"] = "text",
                ["content"] = "x",
                ["backgroundColor"] = "#000000",
                ["font"] = 1,
                ["statusJidList"] = new JsonArray("5511999990099", LinkedGateway.OwnNumber, _linked.Own.Lid.ToString()),
            },
            400);

        Assert.Contains(refusal, entry => (string?)entry!["number"] == "5511999990099" && !(bool)entry["exists"]!);
        await NothingStoredAsync();
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_contacts_status_is_told_and_stored_once_the_setting_wants_it()
    {
        await MeetAsync(_linked.Other);
        await _linked.Gateway.PostAsync(
            "/settings/set/sales",
            new { rejectCall = false, groupsIgnore = false, alwaysOnline = false, readMessages = false, readStatus = true, syncFullHistory = false },
            Ct);

        var id = await _linked.Other.SendTextAsync("status", "Sunny here");

        var upsert = await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
        var data = upsert["data"]!;
        Assert.Equal((Status, LinkedGateway.OtherJid), ((string?)data["key"]!["remoteJid"], (string?)data["key"]!["participant"]));
        Assert.Equal("Sunny here", (string?)data["message"]!["conversation"]);
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    // Each writes to the other, so that both have a contact.
    private async Task MeetAsync(Phone phone)
    {
        var id = await phone.SendTextAsync(LinkedGateway.OwnNumber, "Hello");
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
    }

    private Task<JsonNode> SendAsync(object body) => _linked.Gateway.PostAsync("/message/sendStatus/sales", body, Ct);

    private async Task<JsonArray> RefusedAsync(JsonNode body, int status)
    {
        using var reply = await _linked.Gateway.Http.PostAsJsonAsync("/message/sendStatus/sales", body, Ct);
        Assert.Equal((HttpStatusCode)status, reply.StatusCode);
        return (await reply.Content.ReadFromJsonAsync<JsonNode>(Ct))!["response"]!["message"]!.AsArray();
    }

    private async Task NothingStoredAsync()
    {
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { remoteJid = Status } } }, Ct);
        Assert.Empty(found["messages"]!["records"]!.AsArray());
    }

    private static Task<PhoneMessage> SeenAsync(Phone phone, string id) => phone.WaitForMessageAsync(message => message.Id == id, ct: Ct);
}
