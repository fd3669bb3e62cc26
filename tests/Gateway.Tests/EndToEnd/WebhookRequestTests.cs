using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>What a delivery carries beside its body, byte for byte as a receiver gets it.</summary>
public sealed class WebhookRequestTests : IAsyncLifetime
{
    private readonly TaskCompletionSource<Received> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LinkedGateway _linked = null!;
    private WebApplication _receiver = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _linked = await LinkedGateway.StartAsync(Ct);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost("/{**path}", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            _received.TrySetResult(new Received(context.Request.Path, headers, body.ToArray()));
        });
        await _receiver.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _linked.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("any text", "any text")]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODw==", null)]
    public async Task The_secret_signs_id_time_and_body(string secret, string? text)
    {
        var received = await DeliveredAsync(new { secret });

        byte[] key = text is null ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : Encoding.UTF8.GetBytes(text);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}."), .. received.Body];
        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}", received.Headers["webhook-signature"]);
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(long.Parse(received.Headers["webhook-timestamp"])), now.AddHours(-1), now);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("short")]
    [InlineData("a key that is longer than the hash needs it to be")]
    public async Task The_jwt_key_makes_a_bearer_token_for_ten_minutes_and_does_not_travel_itself(string key)
    {
        var received = await DeliveredAsync(new { headers = new { jwt_key = key, authorization = "Basic b3RoZXI=" } });

        Assert.DoesNotContain("jwt_key", received.Headers.Keys);
        var token = received.Headers["Authorization"];
        Assert.StartsWith("Bearer ", token, StringComparison.Ordinal);
        var parts = token["Bearer ".Length..].Split('.');
        Assert.Equal(Url(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"))), parts[2]);
        Assert.Equal("HS256", (string?)Part(parts[0])["alg"]);
        var claims = Part(parts[1]);
        Assert.Equal(("evolution", "webhook", 600L), ((string?)claims["app"], (string?)claims["action"], (long)claims["exp"]! - (long)claims["iat"]!));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_receivers_headers_come_but_none_that_says_how_the_body_travels()
    {
        var received = await DeliveredAsync(new
        {
            headers = new Dictionary<string, object>
            {
                ["X-Shop"] = "one, two",
                ["x-number"] = 7,
                ["User-Agent"] = "shop",
                ["Content-Type"] = "application/json; charset=utf-8",
                ["Content-Length"] = "1",
                ["Transfer-Encoding"] = "gzip",
                ["Connection"] = "close",
            },
        });

        Assert.Equal(
            ("one, two", "7", "shop", "application/json; charset=utf-8"),
            (received.Headers["X-Shop"], received.Headers["x-number"], received.Headers["User-Agent"], received.Headers["Content-Type"]));
        Assert.Equal("send.message", (string?)JsonNode.Parse(received.Body)!["event"]);
        Assert.DoesNotContain("Connection", received.Headers.Keys);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task By_events_the_address_ends_in_the_name_of_the_event()
    {
        var received = await DeliveredAsync(new { byEvents = true });

        Assert.Equal("/hook/send-message", received.Path);
        Assert.Equal("application/json", received.Headers["Content-Type"]);
    }

    /// <summary>What the receiver gets for a text that is sent, with a webhook of these options.</summary>
    private async Task<Received> DeliveredAsync(object options)
    {
        var webhook = System.Text.Json.JsonSerializer.SerializeToNode(options)!.AsObject();
        webhook["enabled"] = true;
        webhook["url"] = $"{_receiver.Urls.First()}/hook";
        webhook["events"] = new JsonArray("SEND_MESSAGE");
        await _linked.Gateway.PostAsync("/webhook/set/sales", new { webhook }, Ct);
        await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text = "hello" }, Ct);
        return await _received.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
    }

    private static JsonNode Part(string encoded) =>
        JsonNode.Parse(Convert.FromBase64String(encoded.Replace('-', '+').Replace('_', '/').PadRight((encoded.Length + 3) / 4 * 4, '=')))!;

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}
