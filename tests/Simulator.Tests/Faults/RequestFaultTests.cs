using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Evolution.Client;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>Faults of requests and of what answers them, the media host among it.</summary>
public sealed class RequestFaultTests : WithCompanion
{
    [Fact]
    public async Task An_ack_error_is_what_the_sender_hears()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { ackError = 479 } });

        var info = await _companion.SendAsync(_other, "refused");

        await _companion.RefusalAsync(info.Id, 479);
        Assert.Null(_other.FindMessage(info.Id));
    }

    [Fact]
    public async Task An_iq_error_answers_in_place_of_the_server()
    {
        await AddAsync(new { when = new { tag = "iq", xmlns = "usync" }, @do = new { iqError = new { code = 429 } } });
        await Assert.ThrowsAnyAsync<Exception>(() => _companion.SendAsync(_other, "too fast"));
        var error = await StanzaAsync("direction=out&tag=iq", s => (string?)s["node"]!["attrs"]!["type"] == "error");
        Assert.Equal("429", (string?)error["node"]!["content"]![0]!["attrs"]!["code"]);
        Assert.Equal("rate-overlimit", (string?)error["node"]!["content"]![0]!["attrs"]!["text"]);
    }

    [Fact]
    public async Task Errors_to_the_client_take_the_place_of_answers_that_were_on_their_way()
    {
        // Every answer: the client may still ask something in the background, as it does after a login, and the answer to that would do as well.
        var every = await AddAsync(new { when = new { tag = "iq", direction = "toClient", count = 0 }, @do = new { iqError = new { code = 503 } } });
        await Assert.ThrowsAsync<IqException>(() => _companion.Client.Directory.OnWhatsAppAsync([Other], Ct));
        await _api.DeleteAsync($"/v1/faults/{every}");

        await AddAsync(new { when = new { tag = "ack" }, @do = new { ackError = 479 } });
        var info = await _companion.SendAsync(_other, "delivered, they say otherwise");
        await _companion.RefusalAsync(info.Id, 479);
        await _other.WaitForMessageAsync(m => m.Id == info.Id, ct: Ct);
        Assert.Equal(1, (int)Assert.Single((await _api.GetAsync("/v1/faults")).AsArray())!["hits"]!);
    }

    [Theory]
    [InlineData("toClient")]
    [InlineData("fromClient")]
    public async Task Without_one_time_keys_a_session_is_started_all_the_same(string direction)
    {
        await AddAsync(new { when = new { tag = "iq", direction }, @do = new { preKeys = "none" } });

        var info = await _companion.SendAsync(_other, "no one-time key");

        await _other.WaitForMessageAsync(m => m.Id == info.Id, ct: Ct);
        var answer = await StanzaAsync("direction=out&tag=iq", s => ChildTags(s["node"]!, "list", "user").Contains("skey"));
        Assert.DoesNotContain("key", ChildTags(answer["node"]!, "list", "user"));
    }

    [Fact]
    public async Task Refused_key_requests_fail_the_sending()
    {
        await AddAsync(new { @do = new { preKeys = "refuse" } });
        await Assert.ThrowsAnyAsync<Exception>(() => _companion.SendAsync(_other, "no keys"));
        var info = await _companion.SendAsync(_other, "keys again");
        await _other.WaitForMessageAsync(m => m.Id == info.Id, ct: Ct);
    }

    [Fact]
    public async Task The_media_host_answers_as_asked()
    {
        await AddAsync(new { @do = new { mediaStatus = 410 } });
        using var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { X509Certificate2.CreateFromPem(_simulator.Host.MediaCa) },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        using var http = new HttpClient(handler);
        var path = new Uri(_simulator.Host.MediaUrl, "/v/t62.7118-24/none.enc");

        Assert.Equal(HttpStatusCode.Gone, (await http.GetAsync(path, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(path, Ct)).StatusCode);
    }

    /// <summary>The tags of the children at the end of a path of first children.</summary>
    private static string[] ChildTags(JsonNode node, params string[] path)
    {
        var children = node["content"] as JsonArray ?? [];
        foreach (var tag in path)
            children = children.FirstOrDefault(c => (string?)c!["tag"] == tag)?["content"] as JsonArray ?? [];
        return [.. children.Select(c => (string)c!["tag"]!)];
    }
}
