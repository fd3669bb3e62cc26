using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Files from the route to the phone, which downloads and checks them.</summary>
public sealed class SentMediaTests : IAsyncLifetime
{
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
    public async Task An_image_by_base64_reaches_the_phone_untouched()
    {
        var answer = await SendAsync("sendMedia", new
        {
            number = LinkedGateway.OtherNumber,
            mediatype = "image",
            media = Convert.ToBase64String(MediaSample.Jpeg),
            caption = "Look",
        });

        Assert.Equal("imageMessage", (string?)answer["messageType"]);
        var image = answer["message"]!["imageMessage"]!;
        Assert.Equal(("image/jpeg", "Look", 320, 200), ((string?)image["mimetype"], (string?)image["caption"], (int?)image["width"], (int?)image["height"]));
        Assert.Equal(MediaSample.Jpeg.Length, (int?)image["fileLength"]!["low"]);
        Assert.InRange(image["jpegThumbnail"]!.AsObject().Count, 200, 5000);
        await SeenAsync(answer, MediaSample.Jpeg);
        await _linked.Receiver.WaitAsync("send.message", data => JsonNode.DeepEquals(data, answer), Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_image_that_is_no_jpeg_becomes_one()
    {
        var answer = await SendAsync("sendMedia", new { number = LinkedGateway.OtherNumber, mediatype = "image", media = Convert.ToBase64String(MediaSample.Png), fileName = "a.png" });

        var image = answer["message"]!["imageMessage"]!;
        Assert.Equal(("image/jpeg", 320, 200), ((string?)image["mimetype"], (int?)image["width"], (int?)image["height"]));
        await SeenAsync(answer, null);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_image_by_upload()
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(LinkedGateway.OtherNumber), "number");
        form.Add(new StringContent("image"), "mediatype");
        var file = new ByteArrayContent(MediaSample.Jpeg);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        form.Add(file, "file", "photo.jpg");

        using var reply = await _linked.Gateway.Http.PostAsync("/message/sendMedia/sales", form, Ct);

        var answer = (await reply.Content.ReadFromJsonAsync<JsonNode>(Ct))!;
        Assert.Equal(201, (int)reply.StatusCode);
        await SeenAsync(answer, MediaSample.Jpeg);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_image_by_address()
    {
        await using var web = await FileServer.StartAsync(context => context.Response.Body.WriteAsync(MediaSample.Jpeg, Ct).AsTask(), Ct);

        var answer = await SendAsync("sendMedia", new { number = LinkedGateway.OtherNumber, mediatype = "image", media = new Uri(web.Url, "/photo.jpg").ToString() });

        await SeenAsync(answer, MediaSample.Jpeg);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("document", "report.pdf", "text/plain", "documentMessage", "application/pdf", "report.pdf")]
    [InlineData("document", "notes", "text/plain", "documentMessage", "text/plain", "notes")]
    [InlineData("document", "data.unheard", null, "documentMessage", "application/octet-stream", "data.unheard")]
    [InlineData("video", null, null, "videoMessage", "video/mp4", null)]
    [InlineData("video", "clip.webm", null, "videoMessage", "video/webm", null)]
    [InlineData("audio", null, null, "audioMessage", "audio/mpeg", null)]
    [InlineData("audio", "song.m4a", null, "audioMessage", "audio/mp4", null)]
    public async Task A_file_by_base64_reaches_the_phone_untouched_under_its_type(string kind, string? name, string? given, string messageType, string type, string? shown)
    {
        var bytes = RandomNumberGenerator.GetBytes(100_000);

        var answer = await SendAsync("sendMedia", new
        {
            number = LinkedGateway.OtherNumber,
            mediatype = kind,
            media = Convert.ToBase64String(bytes),
            caption = "Look",
            fileName = name ?? "",
            mimetype = given ?? "",
        });

        Assert.Equal(messageType, (string?)answer["messageType"]);
        var file = answer["message"]![messageType]!;
        Assert.Equal((type, shown), ((string?)file["mimetype"], (string?)file["fileName"]));
        Assert.Equal(kind == "audio" ? null : "Look", (string?)file["caption"]);
        Assert.Equal(kind == "audio" ? false : null, (bool?)file["ptt"]);
        await SeenAsync(answer, bytes);
        await _linked.Receiver.WaitAsync("send.message", data => JsonNode.DeepEquals(data, answer), Ct);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("/files/report.v2.pdf", "application/pdf", "application/pdf", "report")]
    [InlineData("/files/report.pdf", "application/octet-stream", "application/pdf", "report")]
    public async Task A_document_by_address_is_named_up_to_the_first_dot(string path, string told, string type, string name)
    {
        var bytes = RandomNumberGenerator.GetBytes(1000);
        await using var web = await FileServer.StartAsync(
            context =>
            {
                context.Response.ContentType = told;
                return context.Response.Body.WriteAsync(bytes, Ct).AsTask();
            },
            Ct);

        var answer = await SendAsync("sendMedia", new { number = LinkedGateway.OtherNumber, mediatype = "document", media = new Uri(web.Url, path).ToString() });

        var document = answer["message"]!["documentMessage"]!;
        Assert.Equal((type, name), ((string?)document["mimetype"], (string?)document["fileName"]));
        await SeenAsync(answer, bytes);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_video_note()
    {
        var bytes = RandomNumberGenerator.GetBytes(1000);

        var answer = await SendAsync("sendPtv", new { number = LinkedGateway.OtherNumber, video = Convert.ToBase64String(bytes) });

        Assert.Equal(("ptvMessage", "video/mp4"), ((string?)answer["messageType"], (string?)answer["message"]!["ptvMessage"]!["mimetype"]));
        await SeenAsync(answer, bytes);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_sticker_that_is_a_webp_stays_as_it_is_and_another_picture_becomes_one()
    {
        var untouched = await SendAsync("sendSticker", new { number = LinkedGateway.OtherNumber, sticker = Convert.ToBase64String(MediaSample.WebP) });
        var made = await SendAsync("sendSticker", new { number = LinkedGateway.OtherNumber, sticker = Convert.ToBase64String(MediaSample.Png) });

        Assert.Equal("stickerMessage", (string?)untouched["messageType"]);
        Assert.Equal(("image/webp", 320), ((string?)untouched["message"]!["stickerMessage"]!["mimetype"], (int?)untouched["message"]!["stickerMessage"]!["width"]));
        await SeenAsync(untouched, MediaSample.WebP);
        var sticker = made["message"]!["stickerMessage"]!;
        Assert.Equal(("image/webp", 512, 512, false), ((string?)sticker["mimetype"], (int?)sticker["width"], (int?)sticker["height"], (bool?)sticker["isAnimated"]));
        await SeenAsync(made, null);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_voice_note_that_is_opus_stays_as_it_is_and_its_length_is_told()
    {
        var opus = MediaSample.Opus(seconds: 3);

        var answer = await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = Convert.ToBase64String(opus) });

        var audio = answer["message"]!["audioMessage"]!;
        Assert.Equal(("audio/ogg; codecs=opus", true, 3), ((string?)audio["mimetype"], (bool?)audio["ptt"], (int?)audio["seconds"]));
        await SeenAsync(answer, opus);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_voice_note_that_would_have_to_be_converted_is_refused_unless_the_caller_vouches_for_it()
    {
        var bytes = RandomNumberGenerator.GetBytes(1000);
        var audio = Convert.ToBase64String(bytes);

        using var refused = await _linked.Gateway.Http.PostAsJsonAsync("/message/sendWhatsAppAudio/sales", new { number = LinkedGateway.OtherNumber, audio }, Ct);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("ffmpeg", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        await SeenAsync(await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio, encoding = false }), bytes);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("sendPtv", "video", "no file", 400)]
    [InlineData("sendPtv", "video", "", 500)]
    [InlineData("sendSticker", "sticker", "no file", 400)]
    [InlineData("sendSticker", "sticker", "AAAA", 400)]
    [InlineData("sendWhatsAppAudio", "audio", "no file", 400)]
    [InlineData("sendWhatsAppAudio", "audio", "", 500)]
    public async Task What_is_no_file_is_refused_and_nothing_is_sent(string route, string field, string value, int status)
    {
        using var reply = await _linked.Gateway.Http.PostAsJsonAsync(
            $"/message/{route}/sales", new Dictionary<string, string> { ["number"] = LinkedGateway.OtherNumber, [field] = value }, Ct);

        Assert.Equal(status, (int)reply.StatusCode);
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { } }, Ct);
        Assert.Equal(0, (int)found["messages"]!["total"]!);
    }

    private Task<JsonNode> SendAsync(string route, object body) => _linked.Gateway.PostAsync($"/message/{route}/sales", body, Ct);

    // What the phone downloaded and decrypted; null for whatever was announced.
    private async Task SeenAsync(JsonNode answer, byte[]? expected)
    {
        var id = (string)answer["key"]!["id"]!;
        await _linked.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct);
        var messages = (await _control.GetFromJsonAsync<JsonElement>($"/v1/phones/{LinkedGateway.OtherNumber}/messages", Ct)).GetProperty("messages");
        var seen = messages.EnumerateArray().Single(message => message.GetProperty("id").GetString() == id).GetProperty("media");
        Assert.False(seen.TryGetProperty("problem", out var problem), problem.ToString());
        if (expected is not null)
            Assert.Equal(Convert.ToBase64String(SHA256.HashData(expected)), seen.GetProperty("sha256").GetString());
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }
}
