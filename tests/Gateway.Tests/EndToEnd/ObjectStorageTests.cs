using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Gateway.Tests.Support;
using Evolution.Proto;
using Microsoft.AspNetCore.Http;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Files of messages in an S3 bucket.</summary>
public sealed class ObjectStorageTests
{
    private static readonly string s_base64 = Convert.ToBase64String(MediaSample.Jpeg);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_received_file_is_put_once_and_can_be_fetched_by_the_address_in_event_and_records()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var linked = await LinkedGateway.StartAsync(Ct, store.Settings);

        var id = await ReceiveAsync(linked, new { image = new { base64 = s_base64, mimetype = "image/jpeg", caption = "Look" } });

        var data = await UpsertAsync(linked, id);
        var address = new Uri((string)data["message"]!["mediaUrl"]!);
        Assert.Equal(
            $"/evolution/evolution-api/{(string)data["instanceId"]!}/{LinkedGateway.OtherJid}/imageMessage/{(long)data["messageTimestamp"]!}000_{id}.jpeg",
            Uri.UnescapeDataString(address.AbsolutePath));
        Assert.Contains("X-Amz-Expires=604800&", address.Query, StringComparison.Ordinal);
        await FetchedAsync(address, MediaSample.Jpeg, "image/jpeg");
        var found = await linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { id } } }, Ct);
        var record = found["messages"]!["records"]![0]!["message"]!;
        Assert.Equal("Look", (string?)record["imageMessage"]!["caption"]);
        Assert.Equal(address.AbsolutePath, new Uri((string)record["mediaUrl"]!).AbsolutePath);
        await FetchedAsync(new Uri((string)record["mediaUrl"]!), MediaSample.Jpeg, "image/jpeg");
        var chats = await linked.Gateway.PostAsync("/chat/findChats/sales", new { }, Ct);
        Assert.Equal(address.AbsolutePath, new Uri((string)chats[0]!["lastMessage"]!["message"]!["mediaUrl"]!).AbsolutePath);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_sent_file_has_its_address_in_answer_and_event_and_a_large_one_goes_in_parts()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var linked = await LinkedGateway.StartAsync(Ct, store.Settings);
        // More than two parts, the last of them not full.
        var bytes = RandomNumberGenerator.GetBytes((20 * 1024 * 1024) + 1);

        var sent = await linked.Gateway.PostAsync(
            "/message/sendMedia/sales",
            new { number = LinkedGateway.OtherNumber, mediatype = "document", media = Convert.ToBase64String(bytes), fileName = "ação.pdf" },
            Ct);

        var address = new Uri((string)sent["message"]!["mediaUrl"]!);
        Assert.EndsWith($"000_{(string)sent["key"]!["id"]!}.pdf", address.AbsolutePath, StringComparison.Ordinal);
        await FetchedAsync(address, bytes, "application/pdf");
        var told = await linked.Receiver.WaitAsync("send.message", data => (string?)data["key"]!["id"] == (string?)sent["key"]!["id"], Ct);
        Assert.Equal(address.AbsolutePath, new Uri((string)told["data"]!["message"]!["mediaUrl"]!).AbsolutePath);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_neither_disk_nor_WhatsApp_has_any_more_comes_from_the_bucket()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var linked = await LinkedGateway.StartAsync(Ct, store.Settings);
        var id = await ReceiveAsync(linked, new { image = new { base64 = s_base64, mimetype = "image/jpeg" } });
        Assert.NotNull((await UpsertAsync(linked, id))["message"]!["mediaUrl"]);
        Directory.Delete(Path.Combine(linked.Gateway.Folder, "media"), recursive: true);
        await linked.ControlAsync("/v1/faults", new { when = new { count = 0 }, @do = new { mediaStatus = 410 } }, Ct);

        var file = await linked.Gateway.PostAsync("/chat/getBase64FromMediaMessage/sales", new { message = new { key = new { id } } }, Ct);

        Assert.Equal(s_base64, (string?)file["base64"]);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("false")]
    [InlineData("true")]
    public async Task A_video_keeps_its_event_and_has_an_address_when_videos_are_put(string puts)
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var linked = await LinkedGateway.StartAsync(Ct, [.. store.Settings, ("S3_SAVE_VIDEO", puts)]);

        var id = await ReceiveAsync(linked, new { video = new { base64 = s_base64, mimetype = "video/mp4" } });

        Assert.Equal(puts == "true", (await UpsertAsync(linked, id))["message"]!["mediaUrl"] is not null);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task While_the_store_is_away_events_go_out_without_an_address_and_the_log_says_why_once()
    {
        var store = await S3Server.StartAsync(Ct);
        await store.DisposeAsync();
        using var log = new RecordedLog();
        await using var linked = await LinkedGateway.StartAsync(log, Ct, store.Settings);

        var first = await ReceiveAsync(linked, new { image = new { base64 = s_base64, mimetype = "image/jpeg" } });
        var second = await ReceiveAsync(linked, new { image = new { base64 = Convert.ToBase64String(MediaSample.Png), mimetype = "image/png" } });

        Assert.Null((await UpsertAsync(linked, first))["message"]!["mediaUrl"]);
        Assert.Null((await UpsertAsync(linked, second))["message"]!["mediaUrl"]);
        var line = Assert.Single(log.Entries, entry => entry.Text.Contains("takes no files", StringComparison.Ordinal)).Text;
        Assert.Contains("bucket evolution at 127.0.0.1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("test-secret", line, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_came_and_went_while_the_store_was_away_is_put_once_it_is_back_also_after_a_restart()
    {
        var away = await S3Server.StartAsync(Ct);
        await away.DisposeAsync();
        using var log = new RecordedLog();
        await using var linked = await LinkedGateway.StartAsync(log, Ct, [.. away.Settings, ("S3_SAVE_VIDEO", "false")]);
        var received = await ReceiveAsync(linked, new { image = new { base64 = s_base64, mimetype = "image/jpeg" } });
        Assert.Null((await UpsertAsync(linked, received))["message"]!["mediaUrl"]);
        var video = await ReceiveAsync(linked, new { video = new { base64 = s_base64, mimetype = "video/mp4" } });
        await UpsertAsync(linked, video);
        var answer = await linked.Gateway.PostAsync(
            "/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = "document", media = s_base64, fileName = "a.pdf" }, Ct);
        var sent = (string)answer["key"]!["id"]!;
        Assert.Null(answer["message"]!["mediaUrl"]);

        await linked.Gateway.StopAsync();
        await using var back = await S3Server.StartAsync(Ct, away.Port);
        await linked.Gateway.StartAsync(Ct);

        foreach (var (id, mimetype) in new[] { (received, "image/jpeg"), (sent, "application/pdf") })
        {
            await log.WaitAsync(entry => entry.Event.Id == 2018 && entry.Text.Contains(id, StringComparison.Ordinal), 0, Ct);
            var found = await linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { id } } }, Ct);
            await FetchedAsync(new Uri((string)found["messages"]!["records"]![0]!["message"]!["mediaUrl"]!), MediaSample.Jpeg, mimetype);
        }
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_file_in_very_many_wrappers_is_put_and_hides_no_other_message()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var linked = await LinkedGateway.StartAsync(Ct, store.Settings);
        var plain = await ReceiveAsync(linked, new { image = new { base64 = s_base64, mimetype = "image/jpeg" } });
        await UpsertAsync(linked, plain);
        var content = linked.Other.FindMessage(plain)!.Content;
        for (var n = 0; n < 45; n++)
            content = new Message { EphemeralMessage = new Message.Types.FutureProofMessage { Message = content } };

        var id = await linked.Other.SendAsync(LinkedGateway.OwnNumber, content);

        Assert.NotNull((await UpsertAsync(linked, id))["message"]!["mediaUrl"]);
        var found = (await linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { } }, Ct))["messages"]!["records"]!.AsArray();
        Assert.Equal([id, plain], found.Select(record => (string?)record!["key"]!["id"]));
        Assert.All(found, record => Assert.NotNull(record!["message"]!["mediaUrl"]));
        await linked.Gateway.PostAsync("/chat/findChats/sales", new { }, Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Refused_keys_are_told_at_the_start_and_hold_up_no_send()
    {
        await using var store = await FileServer.StartAsync(
            context =>
            {
                context.Response.StatusCode = 403;
                context.Response.ContentType = "application/xml";
                return context.Response.WriteAsync("<Error><Code>InvalidAccessKeyId</Code><Message>The key is not known.</Message></Error>", Ct);
            },
            Ct);
        using var log = new RecordedLog();
        await using var linked = await LinkedGateway.StartAsync(log, Ct, S3Server.SettingsFor(store.Url.Port));

        var line = await log.WaitAsync(entry => entry.Text.Contains("takes no files", StringComparison.Ordinal), 0, Ct);
        var sent = await linked.Gateway.PostAsync(
            "/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = "image", media = s_base64 }, Ct);

        Assert.Contains("bucket evolution at 127.0.0.1", line.Text, StringComparison.Ordinal);
        Assert.Contains("Forbidden", line.Text, StringComparison.Ordinal);
        Assert.Null(sent["message"]!["mediaUrl"]);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_SDK_is_loaded_only_where_a_store_is_configured(bool configured)
    {
        var folder = Directory.CreateTempSubdirectory("evolution-s3-").FullName;
        try
        {
            await using var gateway = GatewayProcess.Start(
                [], [("SERVER_PORT", "0"), ("SERVER_HOST", "127.0.0.1"), ("DATA_DIR", folder), .. configured ? S3Server.SettingsFor(9) : []]);
            await gateway.ReadyAsync(Ct);

            // What a process has mapped tells what it loaded.
            var loaded = await File.ReadAllTextAsync($"/proc/{gateway.Id}/maps", Ct);

            Assert.Contains("Evolution.Gateway", loaded, StringComparison.Ordinal);
            Assert.Equal(configured, loaded.Contains("AWSSDK", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> ReceiveAsync(LinkedGateway linked, object content)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(content)!.AsObject();
        body["to"] = LinkedGateway.OwnNumber;
        var answer = await linked.ControlAsync($"/v1/phones/{LinkedGateway.OtherNumber}/messages", body, Ct);
        return (string)answer!["id"]!;
    }

    private static async Task<JsonNode> UpsertAsync(LinkedGateway linked, string id) =>
        (await linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct))["data"]!;

    private static async Task FetchedAsync(Uri address, byte[] bytes, string mimetype)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(address, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mimetype, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(Ct)));
    }
}
