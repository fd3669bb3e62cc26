using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Files and options that can't be sent: a clear answer, and nothing that is half sent.</summary>
public sealed class BadMediaTests : IAsyncLifetime
{
    private const int Limit = 1024 * 1024;
    private LinkedGateway _linked = null!;
    private FileServer _web = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _linked = await LinkedGateway.StartAsync(Ct, ("MEDIA_MAX_MEGABYTES", "1"));
        _web = await FileServer.StartAsync(AnswerAsync, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _linked.DisposeAsync();
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("document", "/missing", 500, "Request failed with status code 404")]
    [InlineData("document", "/empty", 500, "Input Buffer is empty")]
    [InlineData("document", "/large", 500, "more than 1048576 bytes")]
    [InlineData("document", "/large-unannounced", 500, "more than 1048576 bytes")]
    [InlineData("document", "/3-gigabytes", 500, "more than 1048576 bytes")]
    [InlineData("document", "/short", 500, "127.0.0.1")]
    [InlineData("document", "/metadata", 500, "169.254.169.254")]
    [InlineData("image", "/text.png", 400, "The picture can")]
    public async Task What_an_address_does_not_give_whole_is_refused_and_nothing_is_sent(string kind, string path, int status, string told)
    {
        using var reply = await _linked.Gateway.Http.PostAsJsonAsync(
            "/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = kind, media = new Uri(_web.Url, path).ToString(), fileName = "a.bin" }, Ct);

        await RefusedAsync(reply, status, told);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("image", "no file", 400, "Owned media must be a url or base64")]
    [InlineData("image", "", 500, "Input Buffer is empty")]
    [InlineData("image", "data:image/png;base64,AAAA", 400, "Owned media must be a url or base64")]
    [InlineData("document", "ftp://127.0.0.1/a.pdf", 400, "Owned media must be a url or base64")]
    public async Task What_is_neither_address_nor_base64_is_refused_and_nothing_is_sent(string kind, string media, int status, string told)
    {
        using var reply = await _linked.Gateway.Http.PostAsJsonAsync(
            "/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = kind, media, fileName = "a.bin" }, Ct);

        await RefusedAsync(reply, status, told);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_file_beyond_the_limit_is_refused_by_base64_and_by_upload()
    {
        var bytes = new byte[Limit + 1];
        using var inBody = await _linked.Gateway.Http.PostAsJsonAsync(
            "/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = "document", media = Convert.ToBase64String(bytes), fileName = "a.bin" }, Ct);
        await RefusedAsync(inBody, 500, "more than 1048576 bytes");

        using var uploaded = await UploadAsync(bytes);
        await RefusedAsync(uploaded, 500, "more than 1048576 bytes");

        using var empty = await UploadAsync([]);
        await RefusedAsync(empty, 500, "Input Buffer is empty");
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("sendMedia", "text")]
    [InlineData("sendMedia", "png")]
    [InlineData("sendMedia", "gif")]
    [InlineData("sendMedia", "webp")]
    [InlineData("sendSticker", "text")]
    [InlineData("sendSticker", "jpeg")]
    [InlineData("sendSticker", "webp")]
    public async Task A_picture_that_cant_be_read_is_refused_and_nothing_is_sent(string route, string kind)
    {
        var bytes = kind switch
        {
            "png" => MediaSample.Png[..60],
            "gif" => [.. "GIF89a"u8, 1, 0],
            "webp" => MediaSample.WebP[..60],
            "jpeg" => MediaSample.Jpeg[..60],
            _ => "This is no picture."u8.ToArray(),
        };
        var file = Convert.ToBase64String(bytes);

        using var reply = await _linked.Gateway.Http.PostAsJsonAsync(
            $"/message/{route}/sales", new { number = LinkedGateway.OtherNumber, mediatype = "image", media = file, sticker = file }, Ct);

        await RefusedAsync(reply, 400, "{\"status\":400,\"error\":\"Bad Request\",\"response\":{\"message\":[\"The picture can\u0027t be read\"]}}");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_jpeg_that_only_phones_may_be_able_to_read_goes_out_as_it_is()
    {
        var bytes = MediaSample.Jpeg[..60];

        var sent = await _linked.Gateway.PostAsync(
            "/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = "image", media = Convert.ToBase64String(bytes), caption = "Look" }, Ct);

        var image = sent["message"]!["imageMessage"]!.AsObject();
        Assert.Equal(("image/jpeg", "Look", 60), ((string?)image["mimetype"], (string?)image["caption"], (int?)image["fileLength"]!["low"]));
        foreach (var unknown in new[] { "width", "height", "jpegThumbnail" })
            Assert.False(image.ContainsKey(unknown), unknown);
        var seen = await _linked.Other.WaitForMessageAsync(message => message.Id == (string)sent["key"]!["id"]!, ct: Ct);
        Assert.Equal(SHA256.HashData(bytes), seen.Content.ImageMessage.FileSha256.ToByteArray());
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_WhatsApps_media_host_does_not_take_is_refused_and_nothing_is_sent()
    {
        await _linked.ControlAsync("/v1/faults", new { when = new { count = 0 }, @do = new { mediaStatus = 400, upload = true } }, Ct);

        using var reply = await _linked.Gateway.Http.PostAsJsonAsync(
            "/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = "image", media = MediaSample.JpegBase64 }, Ct);

        await RefusedAsync(reply, 400, "Error: ");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_file_of_a_stranger_beyond_the_limit_keeps_no_event_and_is_refused_to_who_asks_for_it()
    {
        await _linked.SubscribeAsync(Ct, base64: true);
        var sent = await _linked.ControlAsync(
            $"/v1/phones/{LinkedGateway.OtherNumber}/messages",
            new { to = LinkedGateway.OwnNumber, document = new { size = Limit + 1, mimetype = "application/pdf", fileName = "a.pdf" } },
            Ct);
        var id = (string)sent!["id"]!;

        var data = (await _linked.Receiver.WaitAsync("messages.upsert", told => (string?)told["key"]!["id"] == id, Ct))["data"]!;
        var refused = await _linked.Gateway.RefusedAsync("/chat/getBase64FromMediaMessage/sales", new { message = new { key = new { id } } }, Ct);

        Assert.Null(data["message"]!["base64"]);
        Assert.Contains("larger than allowed", refused.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_linked.Gateway.Folder, "spool")));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_number_that_nobody_has_gets_no_file()
    {
        using var reply = await _linked.Gateway.Http.PostAsJsonAsync(
            "/message/sendMedia/sales", new { number = "5511999990099", mediatype = "image", media = Convert.ToBase64String(MediaSample.Jpeg) }, Ct);

        await RefusedAsync(reply, 400, "\"exists\":false");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_quote_that_is_not_there_and_strangers_that_are_mentioned_are_left_out()
    {
        var sent = await _linked.Gateway.PostAsync(
            "/message/sendMedia/sales",
            new
            {
                number = LinkedGateway.OtherNumber,
                mediatype = "image",
                media = Convert.ToBase64String(MediaSample.Jpeg),
                quoted = new { key = new { id = "3EB0NOTTHERE" } },
                mentioned = new[] { "5511999990098" },
            },
            Ct);

        var context = sent["message"]!["imageMessage"]!["contextInfo"];
        Assert.Null(context?["stanzaId"]);
        Assert.Empty(context?["mentionedJid"]?.AsArray() ?? []);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(0, false, 0)]
    [InlineData(1, false, 0)]
    [InlineData(13, false, 0)]
    [InlineData(3, true, 0)]
    [InlineData(3, false, 4)]
    public async Task A_poll_that_phones_would_not_show_is_refused(int options, bool twice, int selectableCount)
    {
        using var reply = await _linked.Gateway.Http.PostAsJsonAsync(
            "/message/sendPoll/sales",
            new { number = LinkedGateway.OtherNumber, name = "Lunch?", selectableCount, values = Enumerable.Range(0, options).Select(i => twice ? "Same" : $"Option {i}") },
            Ct);

        await RefusedAsync(reply, 400, "");
    }

    private async Task<HttpResponseMessage> UploadAsync(byte[] bytes)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(LinkedGateway.OtherNumber), "number");
        form.Add(new StringContent("document"), "mediatype");
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        form.Add(file, "file", "a.pdf");
        return await _linked.Gateway.Http.PostAsync("/message/sendMedia/sales", form, Ct);
    }

    private async Task RefusedAsync(HttpResponseMessage reply, int status, string told)
    {
        var text = await reply.Content.ReadAsStringAsync(Ct);
        Assert.True(status == (int)reply.StatusCode, $"{(int)reply.StatusCode}: {text}");
        Assert.Contains(told, text, StringComparison.Ordinal);
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { } }, Ct);
        Assert.Equal(0, (int)found["messages"]!["total"]!);
        using var control = new HttpClient { BaseAddress = _linked.Simulator.ControlUrl };
        Assert.Empty((await control.GetFromJsonAsync<JsonNode>($"/v1/phones/{LinkedGateway.OtherNumber}/messages", Ct))!["messages"]!.AsArray());
        Assert.Empty(Directory.GetFiles(Path.Combine(_linked.Gateway.Folder, "spool")));
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/empty":
                break;
            case "/large":
                response.ContentLength = Limit + 1;
                await response.Body.WriteAsync(new byte[Limit + 1], context.RequestAborted);
                break;
            case "/3-gigabytes":
                response.ContentLength = 3L * 1024 * 1024 * 1024;
                await response.Body.FlushAsync(context.RequestAborted);
                // It is not read: who asked goes away.
                var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using (context.RequestAborted.Register(gone.SetResult))
                    await gone.Task;
                break;
            case "/large-unannounced":
                await response.Body.WriteAsync(new byte[Limit + 1], context.RequestAborted);
                break;
            case "/short":
                response.ContentLength = 1000;
                await response.Body.WriteAsync(new byte[10], context.RequestAborted);
                await response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                break;
            case "/metadata":
                response.Redirect("http://169.254.169.254/latest/meta-data/");
                break;
            case "/text.png":
                response.ContentType = "image/png";
                await response.WriteAsync("This is no picture.", context.RequestAborted);
                break;
            default:
                response.StatusCode = 404;
                break;
        }
    }
}
