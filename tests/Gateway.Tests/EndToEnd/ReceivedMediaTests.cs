using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Files from a phone to the webhook and to who asks for them.</summary>
public sealed class ReceivedMediaTests : IAsyncLifetime
{
    private static readonly string s_base64 = Convert.ToBase64String(MediaSample.Jpeg);
    private LinkedGateway _linked = null!;
    private HttpClient _control = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _linked = await LinkedGateway.StartAsync(Ct);
        _control = new HttpClient { BaseAddress = _linked.Simulator.ControlUrl };
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _linked.DisposeAsync();
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_image_comes_with_its_file_when_the_webhook_wants_files()
    {
        await WantFilesAsync();

        var id = await PhoneSendsAsync(new { image = new { base64 = s_base64, mimetype = "image/jpeg", caption = "Look", width = 320, height = 200 } });

        var data = await UpsertAsync(id);
        Assert.Equal("imageMessage", (string?)data["messageType"]);
        Assert.Equal(s_base64, (string?)data["message"]!["base64"]);
        var image = data["message"]!["imageMessage"]!;
        Assert.Equal(("image/jpeg", "Look", 320), ((string?)image["mimetype"], (string?)image["caption"], (int?)image["width"]));
        Assert.Equal(MediaSample.Jpeg.Length, (int?)image["fileLength"]!["low"]);
        Assert.Equal(32, image["mediaKey"]!.AsObject().Count);
        Assert.StartsWith("https://", (string?)image["url"], StringComparison.Ordinal);
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { id } } }, Ct);
        Assert.Null(found["messages"]!["records"]![0]!["message"]!["base64"]);
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("video", "video/mp4")]
    [InlineData("ptv", "video/mp4")]
    [InlineData("audio", "audio/ogg; codecs=opus")]
    [InlineData("document", "application/pdf")]
    [InlineData("sticker", "image/webp")]
    public async Task Every_kind_of_file_comes_whole(string kind, string mimetype)
    {
        await WantFilesAsync();
        var bytes = RandomNumberGenerator.GetBytes(100_001);

        var id = await PhoneSendsAsync(new Dictionary<string, object> { [kind] = new { base64 = Convert.ToBase64String(bytes), mimetype } });

        var data = await UpsertAsync(id);
        Assert.Equal($"{kind}Message", (string?)data["messageType"]);
        Assert.Equal(Convert.ToBase64String(bytes), (string?)data["message"]!["base64"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Without_that_wish_the_file_is_there_for_who_asks_for_it()
    {
        var id = await PhoneSendsAsync(new { image = new { base64 = s_base64, mimetype = "image/jpeg", caption = "Look" } });
        var data = await UpsertAsync(id);
        Assert.Null(data["message"]!["base64"]);

        var byId = await GetAsync(new { message = new { key = new { id } } });
        var byRecord = await GetAsync(new { message = data });

        Assert.True(JsonNode.DeepEquals(byId, byRecord));
        Assert.Equal(("imageMessage", $"{id}.jpeg", "Look", "image/jpeg", s_base64), (
            (string?)byId["mediaType"], (string?)byId["fileName"], (string?)byId["caption"], (string?)byId["mimetype"], (string?)byId["base64"]));
        Assert.Equal(MediaSample.Jpeg.Length, (int?)byId["size"]!["fileLength"]!["low"]);
        Assert.True(byId.AsObject().ContainsKey("buffer"));
        var files = Directory.GetFiles(Path.Combine(_linked.Gateway.Folder, "media"), "*", SearchOption.AllDirectories);
        // Beside it stands, empty, whose it is.
        var kept = Assert.Single(files, file => new FileInfo(file).Length > 0);
        Assert.Equal($"{kept}.{(string)data["instanceId"]!}", Assert.Single(files, file => file != kept));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MediaSample.Jpeg)), Path.GetFileName(kept));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_kept_file_is_not_given_to_another_instance_that_knows_its_message()
    {
        var id = await PhoneSendsAsync(new { image = new { base64 = s_base64, mimetype = "image/jpeg" } });
        var data = await UpsertAsync(id);
        Assert.Equal(s_base64, (string?)(await GetAsync(new { message = data }))["base64"]);
        await _linked.Gateway.PostAsync("/instance/create", new { instanceName = "other", integration = "WHATSAPP-BAILEYS" }, Ct);

        var refused = await _linked.Gateway.RefusedAsync("/chat/getBase64FromMediaMessage/other", new { message = data }, Ct);

        Assert.StartsWith("Error: Connection Closed", (string?)refused["response"]!["message"]![0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_was_sent_can_be_asked_for_too_and_shows_its_file_when_wanted()
    {
        var sent = await SendAsync();
        Assert.Null(sent["message"]!["base64"]);
        Assert.Equal(s_base64, (string?)(await GetAsync(new { message = new { key = new { id = (string)sent["key"]!["id"]! } } }))["base64"]);

        await WantFilesAsync();
        sent = await SendAsync();

        Assert.Equal(s_base64, (string?)sent["message"]!["base64"]);
        await _linked.Receiver.WaitAsync("send.message", data => JsonNode.DeepEquals(data, sent), Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_file_that_is_lost_is_got_from_the_phone_and_one_that_stays_lost_keeps_no_event()
    {
        await WantFilesAsync();
        await FaultAsync(410, 1);
        var healed = await PhoneSendsAsync(new { image = new { base64 = s_base64, mimetype = "image/jpeg" } });
        Assert.Equal(s_base64, (string?)(await UpsertAsync(healed))["message"]!["base64"]);

        await FaultAsync(410, 2);
        var lost = await PhoneSendsAsync(new { image = new { base64 = Convert.ToBase64String(MediaSample.Png), mimetype = "image/png" } });

        Assert.Null((await UpsertAsync(lost))["message"]!["base64"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_has_no_file_is_refused()
    {
        var text = await PhoneSendsAsync(new { text = "hello" });
        await UpsertAsync(text);

        await RefusedAsync(new { message = new { key = new { id = text } } }, "The message is not of the media type");
        await RefusedAsync(new { message = new { key = new { id = "3EB0NONE" } } }, "Message not found");
        await RefusedAsync(new { message = new { key = new { id = "1", remoteJid = LinkedGateway.OtherJid }, message = new { messageContextInfo = new { } } } }, "The message is messageContextInfo");
        await RefusedAsync(new { }, "TypeError: Cannot read properties of undefined (reading 'key')");
    }

    private Task WantFilesAsync() => _linked.Gateway.PostAsync(
        "/webhook/set/sales", new { webhook = new { enabled = true, url = _linked.Receiver.Url.ToString(), events = Array.Empty<string>(), base64 = true } }, Ct);

    private Task<JsonNode> SendAsync() =>
        _linked.Gateway.PostAsync("/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = "image", media = s_base64 }, Ct);

    private async Task<string> PhoneSendsAsync(object content)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(content)!.AsObject();
        body["to"] = LinkedGateway.OwnNumber;
        using var answer = await _control.PostAsJsonAsync($"/v1/phones/{LinkedGateway.OtherNumber}/messages", body, Ct);
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!["id"]!;
    }

    private async Task FaultAsync(int status, int count)
    {
        using var answer = await _control.PostAsJsonAsync("/v1/faults", new { when = new { count }, @do = new { mediaStatus = status } }, Ct);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<JsonNode> UpsertAsync(string id) =>
        (await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct))["data"]!;

    private Task<JsonNode> GetAsync(object body) => _linked.Gateway.PostAsync("/chat/getBase64FromMediaMessage/sales", body, Ct);

    private async Task RefusedAsync(object body, string text) => Assert.Equal(
        text, (string?)(await _linked.Gateway.RefusedAsync("/chat/getBase64FromMediaMessage/sales", body, Ct))["response"]!["message"]![0]);
}
