using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Proto;
using Evolution.Simulator.Phones;
using Google.Protobuf;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>
/// A file lies on the disk once, whoever has it, and is given to those alone that sent or received it: to know its hash is not to have it. In a bucket
/// each instance has its own.
/// </summary>
public sealed class KeptFilesTests : IAsyncDisposable
{
    private static readonly string s_base64 = Convert.ToBase64String(MediaSample.Jpeg);
    private S3Server? _bucket;
    private FaultyWorld _world = null!;
    private LinkedInstance _sales = null!;
    private LinkedInstance _other = null!;
    private Phone _bob = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        if (_bucket is not null)
            await _bucket.DisposeAsync();
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instance_that_never_got_a_file_gets_it_nowhere(bool inBucket)
    {
        await StartAsync(inBucket);
        var content = await UploadedAsync();
        var kept = await ReceiveAsync(_sales, content);
        Assert.Equal(s_base64, (string?)kept["message"]!["base64"]);
        Assert.Equal(inBucket, kept["message"]!["mediaUrl"] is not null);

        // All that is known of the file but its key.
        content.ImageMessage.MediaKey = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32));
        var claimed = await ReceiveAsync(_other, content);

        Assert.Null(claimed["message"]!["base64"]);
        Assert.Null(claimed["message"]!["mediaUrl"]);
        Assert.Equal("Message not found", await RefusedAsync(new { key = new { id = (string)kept["key"]!["id"]! } }));
        Assert.StartsWith("Error: ", await RefusedAsync(new { key = new { id = (string)claimed["key"]!["id"]! } }), StringComparison.Ordinal);
        Assert.StartsWith("Error: ", await RefusedAsync(claimed), StringComparison.Ordinal);
        foreach (var route in new[] { "findMessages", "findChats" })
        {
            var answer = await _world.Gateway.PostAsync($"/chat/{route}/{_other.Name}", new { }, Ct);
            Assert.DoesNotContain(s_base64, answer.ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("mediaUrl", answer.ToJsonString(), StringComparison.Ordinal);
        }

        // Nor did asking spoil it for whose it is.
        Assert.Equal(s_base64, (string?)(await AskAsync(_sales, (string)kept["key"]!["id"]!))["base64"]);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instance_keeps_its_file_when_another_that_has_it_too_is_deleted(bool inBucket)
    {
        await StartAsync(inBucket);
        foreach (var instance in new[] { _sales, _other })
            Assert.Equal(s_base64, (string?)(await ReceiveAsync(instance, await UploadedAsync()))["message"]!["base64"]);
        var id = (string)(await ReceiveAsync(_other, await UploadedAsync()))["key"]!["id"]!;

        await _world.Gateway.DeleteAsync($"/instance/delete/{_sales.Name}", Ct);
        // From now on the bucket alone has it, where there is one, and WhatsApp no longer.
        if (inBucket)
            Directory.Delete(Path.Combine(_world.Gateway.Folder, "media"), recursive: true);
        await _world.BreakAsync(new JsonObject { ["when"] = new JsonObject { ["count"] = 0 }, ["do"] = new JsonObject { ["mediaStatus"] = 410 } }, Ct);

        Assert.Equal(s_base64, (string?)(await AskAsync(_other, id))["base64"]);
    }

    private async Task StartAsync(bool inBucket)
    {
        _bucket = inBucket ? await S3Server.StartAsync(Ct) : null;
        _world = new FaultyWorld { Settings = _bucket?.Settings ?? [] };
        await _world.InitializeAsync();
        _sales = await LinkAsync();
        _other = await LinkAsync();
        _bob = await _world.CreatePhoneAsync();
    }

    private async Task<LinkedInstance> LinkAsync()
    {
        var instance = await _world.LinkAsync(Ct);
        await _world.Gateway.PostAsync(
            $"/webhook/set/{instance.Name}",
            new { webhook = new { enabled = true, url = _world.Receiver.Url.ToString(), events = Array.Empty<string>(), base64 = true } },
            Ct);
        return instance;
    }

    // Bob uploads it for a message to himself; what he then sends is built from that.
    private async Task<Message> UploadedAsync()
    {
        using var control = new HttpClient { BaseAddress = _world.Simulator.ControlUrl };
        using var answer = await control.PostAsJsonAsync(
            $"/v1/phones/{_bob.Number}/messages", new { to = _bob.Number, image = new { base64 = s_base64, mimetype = "image/jpeg" } }, Ct);
        var sent = await answer.Content.ReadFromJsonAsync<JsonNode>(Ct);
        return _bob.FindMessage((string)sent!["id"]!)!.Content.Clone();
    }

    private async Task<JsonNode> ReceiveAsync(LinkedInstance instance, Message content)
    {
        var id = await _bob.SendAsync(instance.Phone.Number, content);
        return (await _world.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct))["data"]!;
    }

    private Task<JsonNode> AskAsync(LinkedInstance instance, string id) =>
        _world.Gateway.PostAsync($"/chat/getBase64FromMediaMessage/{instance.Name}", new { message = new { key = new { id } } }, Ct);

    private async Task<string> RefusedAsync(object message)
    {
        var refused = await _world.Gateway.RefusedAsync($"/chat/getBase64FromMediaMessage/{_other.Name}", new { message }, Ct);
        Assert.DoesNotContain(s_base64, refused.ToJsonString(), StringComparison.Ordinal);
        return (string)refused["response"]!["message"]![0]!;
    }
}
