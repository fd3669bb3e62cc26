using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Evolution.Simulator.Phones;

namespace Evolution.Simulator.Tests.Media;

public sealed class MediaHostTests
{
    [Fact]
    public async Task An_upload_comes_back_whole_and_in_parts_over_a_trusted_connection()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var client = Client(simulator);
        var bytes = RandomNumberGenerator.GetBytes(1000);

        using var answer = await UploadAsync(client, bytes, System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(bytes)));
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        await simulator.RestartAsync();
        using var again = Client(simulator);
        var whole = await again.GetByteArrayAsync(json.GetProperty("direct_path").GetString(), TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, json.GetProperty("direct_path").GetString());
        request.Headers.Range = new RangeHeaderValue(16, 31);
        using var part = await again.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(bytes, whole);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[16..32], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_token_that_is_not_the_hash_is_refused_and_noted()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var client = Client(simulator);
        using var answer = await UploadAsync(client, [1, 2, 3], "bm90LXRoZS1oYXNo");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Single(simulator.World.Violations.Snapshot(), v => v.Code == "upload-token");
    }

    [Fact]
    public async Task Nothing_lies_under_an_unknown_path()
    {
        await using var simulator = await TestSimulator.StartAsync();
        await simulator.World.CreatePhoneAsync("5511999990001", past: new PastSpec(2, 3));
        using var client = Client(simulator);
        using var answer = await client.GetAsync("/v/nothing", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> UploadAsync(HttpClient client, byte[] bytes, string token)
    {
        var content = new ByteArrayContent(bytes);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/mms/image/{token}?auth=a&token={token}") { Content = content };
        request.Headers.Add("Origin", "https://web.whatsapp.com");
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static HttpClient Client(TestSimulator simulator)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(simulator.Host.MediaCa));
        return new HttpClient(handler) { BaseAddress = simulator.Host.MediaUrl };
    }
}
