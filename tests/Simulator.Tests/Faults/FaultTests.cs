using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Evolution.Client;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Tests.ControlApi;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>Each fault against a real client: it strikes as asked, and the client comes through.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const string Own = "5511999990001";
    private const string Other = "5511999990002";
    private TestSimulator _simulator = null!;
    private ControlClient _api = null!;
    private Companion _companion = null!;
    private Phone _other = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await TestSimulator.StartAsync();
        _api = new ControlClient(_simulator.Host);
        await _api.PhoneAsync(Own);
        await _api.PhoneAsync(Other);
        _other = _simulator.Phone(Other);
        _companion = await Companion.LinkAsync(_simulator.Host, _api, Own);

        // What the phone tells a new companion are messages too, which faults would strike: the key, and two parts of history.
        var told = 0;
        await StanzaAsync("direction=out&tag=message", _ => ++told == 3);
    }

    public async ValueTask DisposeAsync()
    {
        await _companion.DisposeAsync();
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Clients_and_their_stanzas_are_shown_with_plaintext()
    {
        var client = Assert.Single((await _api.GetAsync("/v1/clients")).AsArray())!;
        Assert.Equal(_companion.Jid, (string?)client["jid"]);
        Assert.False((bool)client["passive"]!);

        var id = await _other.SendTextAsync(Own, "hello companion");
        await _companion.MessageAsync(id);

        var receipt = await StanzaAsync("direction=in&tag=receipt", s => (string?)s["node"]!["attrs"]!["id"] == id);
        var message = await StanzaAsync("direction=out&tag=message", s => (string?)s["node"]!["attrs"]!["id"] == id);
        Assert.Equal("hello companion", (string?)message["plaintext"]!["conversation"]);
        Assert.Equal("enc", (string?)message["node"]!["content"]![0]!["tag"]);
        Assert.True((long)receipt["seq"]! > (long)message["seq"]!);
        await _api.GetAsync("/v1/clients/5511999990009:3@s.whatsapp.net/stanzas", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_cut_at_once_and_one_at_a_message_lose_nothing()
    {
        await _api.PostAsync("/v1/faults", new { client = _companion.Jid, @do = new { cut = true } });
        await _companion.OpenAsync();
        var fault = await AddAsync(new { client = Own, when = new { tag = "message" }, @do = new { cut = true } });

        var id = await _other.SendTextAsync(Own, "after the cut");

        await _companion.MessageAsync(id);
        Assert.Equal(3, (await _api.GetAsync($"/v1/clients/{_companion.Jid}/stanzas?tag=success"))["stanzas"]!.AsArray().Count);
        var shown = await ShownAsync(fault);
        Assert.Equal((1, true), ((int)shown["hits"]!, (bool)shown["spent"]!));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(503)]
    [InlineData(500)]
    public async Task A_stream_error_is_seen_and_survived(int code)
    {
        await _api.PostAsync("/v1/faults", new { @do = new { streamError = new { code } } });

        Assert.Equal(code, (await _companion.ClosedAsync()).Code);
        await _companion.OpenAsync();
    }

    [Fact]
    public async Task A_restart_that_the_server_asks_for_leads_to_a_new_login()
    {
        await _api.PostAsync("/v1/faults", new { @do = new { streamError = new { code = 515 } } });
        await _companion.OpenAsync();
        await StanzaAsync("direction=out&tag=stream:error", s => (string?)s["node"]!["attrs"]!["code"] == "515");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(440)]
    public async Task A_stream_error_that_ends_the_device_says_why(int code)
    {
        await _api.PostAsync("/v1/faults", new { @do = new { streamError = new { code } } });
        Assert.Equal(code, (await _companion.ClosedAsync()).Code);
    }

    [Fact]
    public async Task A_failure_at_the_login_takes_its_place()
    {
        await AddAsync(new { @do = new { failure = new { reason = 503 } } });
        await _api.PostAsync("/v1/faults", new { @do = new { cut = true } });
        await _companion.EventAsync<ConnectionChanged>(e => e.Status.Reason?.Code == 503);
        await _companion.OpenAsync();
    }

    [Fact]
    public async Task An_ack_error_is_what_the_sender_hears()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { ackError = 479 } });

        var info = await _companion.SendAsync(_other, "refused");

        await _companion.EventAsync<MessageStatusChanged>(e => e.Ids.Contains(info.Id) && e is { Status: MessageStatus.Error, ErrorCode: 479 });
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

    [Theory]
    [InlineData("toClient")]
    [InlineData("fromClient")]
    public async Task A_corrupted_enc_is_asked_for_again(string direction)
    {
        await AddAsync(new { when = new { tag = "message", direction }, @do = new { corrupt = true } });

        if (direction == "toClient")
        {
            var id = await _other.SendTextAsync(Own, "spoilt");
            Assert.Equal("spoilt", (await _companion.EventAsync<MessageReceived>(e => e.Info.Id == id)).Content.Conversation);
            await StanzaAsync("direction=in&tag=receipt", s => (string?)s["node"]!["attrs"]!["type"] == "retry");
        }
        else
        {
            var info = await _companion.SendAsync(_other, "spoilt");
            await _other.WaitForMessageAsync(m => m.Id == info.Id, ct: Ct);
            Assert.Equal(1, _other.Undecryptable);
        }

        Assert.Empty(_simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_duplicate_arrives_once()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { duplicate = true } });
        var id = await _other.SendTextAsync(Own, "twice");
        var last = await _other.SendTextAsync(Own, "last");

        await _companion.MessageAsync(id);
        var next = await _companion.EventAsync<MessageReceived>();

        Assert.Equal(last, next.Info.Id);
        Assert.Equal(2, (await _api.GetAsync($"/v1/clients/{_companion.Jid}/stanzas?tag=message&direction=out"))["stanzas"]!.AsArray()
            .Count(s => (string?)s!["node"]!["attrs"]!["id"] == id));
    }

    [Fact]
    public async Task What_comes_twice_from_a_client_is_taken_as_if_it_had_said_it_twice()
    {
        // Every receipt: the companion may still confirm what its phone sent it after the linking.
        await AddAsync(new { when = new { tag = "receipt", direction = "fromClient", count = 0 }, @do = new { duplicate = true } });
        var id = await _other.SendTextAsync(Own, "confirmed twice");

        var answers = 0;
        await StanzaAsync("direction=out&tag=ack", s => (string?)s["node"]!["attrs"]!["id"] == id && ++answers == 2);

        Assert.Equal("acked-twice", (string?)(await _api.GetAsync("/v1/violations"))["violations"]![0]!["code"]);
    }

    [Fact]
    public async Task Reordered_messages_leave_in_the_other_order_and_both_arrive()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { reorder = 1 } });
        var first = await _other.SendTextAsync(Own, "first");
        var second = await _other.SendTextAsync(Own, "second");

        Assert.Equal(second, (await _companion.EventAsync<MessageReceived>()).Info.Id);
        Assert.Equal(first, (await _companion.EventAsync<MessageReceived>()).Info.Id);
    }

    [Fact]
    public async Task A_message_waits_until_as_many_have_overtaken_it_as_was_said()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { reorder = 2 } });
        string[] sent = [await _other.SendTextAsync(Own, "1"), await _other.SendTextAsync(Own, "2"), await _other.SendTextAsync(Own, "3"), await _other.SendTextAsync(Own, "4")];

        string[] got = [await NextIdAsync(), await NextIdAsync(), await NextIdAsync(), await NextIdAsync()];

        Assert.Equal([sent[1], sent[2], sent[0], sent[3]], got);

        async Task<string> NextIdAsync() => (await _companion.EventAsync<MessageReceived>()).Info.Id;
    }

    [Fact]
    public async Task What_comes_from_the_client_can_be_held_back_too()
    {
        await AddAsync(new { when = new { tag = "message", direction = "fromClient" }, @do = new { reorder = 1 } });
        var held = _companion.SendAsync(_other, "first");
        await StanzaAsync("direction=in&tag=message", _ => true);

        var second = await _companion.SendAsync(_other, "second");

        var first = await held;
        await _other.WaitForMessageAsync(m => m.Id == first.Id, ct: Ct);
        Assert.Equal([second.Id, first.Id], _other.MessagesAfter().Select(m => m.Id));
        Assert.Empty(_simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task Without_a_direction_what_comes_from_the_client_is_left_alone()
    {
        var fault = await AddAsync(new { when = new { tag = "message", count = 0 }, @do = new { drop = true } });
        var info = await _companion.SendAsync(_other, "untouched");
        await _other.WaitForMessageAsync(m => m.Id == info.Id, ct: Ct);

        Assert.Equal(0, (int)(await ShownAsync(fault))["hits"]!);
    }

    [Fact]
    public async Task Errors_to_the_client_take_the_place_of_answers_that_were_on_their_way()
    {
        // Before the first message: that one makes the client give its token to the contact in the background, and the answer to it would do as well.
        await AddAsync(new { when = new { tag = "iq", direction = "toClient" }, @do = new { iqError = new { code = 503 } } });
        await Assert.ThrowsAsync<IqException>(() => _companion.Client.Directory.OnWhatsAppAsync([Other], Ct));

        await AddAsync(new { when = new { tag = "ack" }, @do = new { ackError = 479 } });
        var info = await _companion.SendAsync(_other, "delivered, they say otherwise");
        await _companion.EventAsync<MessageStatusChanged>(e => e.Ids.Contains(info.Id) && e is { Status: MessageStatus.Error, ErrorCode: 479 });
        await _other.WaitForMessageAsync(m => m.Id == info.Id, ct: Ct);
        Assert.All((await _api.GetAsync("/v1/faults")).AsArray(), shown => Assert.Equal(1, (int)shown!["hits"]!));
    }

    [Theory]
    [InlineData("device_removed", "conflict", "device_removed")]
    [InlineData("replaced", "conflict", "replaced")]
    [InlineData("none", null, null)]
    [InlineData("service-unavailable", "service-unavailable", null)]
    public async Task A_stream_error_says_its_reason(string reason, string? element, string? type)
    {
        Assert.Equal(1, (int)(await _api.PostAsync("/v1/faults", new { client = _companion.Jid, @do = new { streamError = new { code = 500, reason } } }))["hits"]!);

        var error = (await StanzaAsync("direction=out&tag=stream:error", _ => true))["node"]!;
        Assert.Equal("500", (string?)error["attrs"]!["code"]);
        var child = (error["content"] as JsonArray)?.Single();
        Assert.Equal((element, type), ((string?)child?["tag"], (string?)child?["attrs"]!["type"]));
    }

    [Fact]
    public async Task A_dropped_message_comes_after_the_next_login()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { drop = true } });
        var id = await _other.SendTextAsync(Own, "dropped");
        var next = await _other.SendTextAsync(Own, "not dropped");
        await _companion.MessageAsync(next);

        await _api.PostAsync("/v1/faults", new { @do = new { cut = true } });

        Assert.Equal(id, (await _companion.EventAsync<MessageReceived>()).Info.Id);
    }

    [Fact]
    public async Task A_delay_holds_the_stanza_back()
    {
        await AddAsync(new { when = new { tag = "message", after = 1 }, @do = new { delayMs = 400 } });
        var first = await _other.SendTextAsync(Own, "at once");
        var second = await _other.SendTextAsync(Own, "late");
        await _companion.MessageAsync(second);

        var stanzas = (await _api.GetAsync($"/v1/clients/{_companion.Jid}/stanzas?tag=message&direction=out"))["stanzas"]!.AsArray();
        DateTimeOffset At(string id) => DateTimeOffset.Parse((string)stanzas.First(s => (string?)s!["node"]!["attrs"]!["id"] == id)!["at"]!);
        Assert.True(At(second) - At(first) >= TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task Half_a_frame_and_a_wrong_certificate_are_survived()
    {
        await AddAsync(new { @do = new { certificate = "wrongRoot" } });
        await _api.PostAsync("/v1/faults", new { @do = new { halfFrame = true } });
        await _companion.OpenAsync();

        await _companion.MessageAsync(await _other.SendTextAsync(Own, "still here"));
    }

    [Theory]
    [InlineData("wrongRoot", "not signed by the pinned root")]
    [InlineData("wrongIssuer", "not signed by the pinned root")]
    [InlineData("expired", "not valid at this time")]
    public async Task A_wrong_certificate_is_not_accepted(string certificate, string reason)
    {
        await AddAsync(new { when = new { count = 0 }, @do = new { certificate } });
        await using var newcomer = Companion.Start(_simulator.Host);
        var end = await newcomer.ClosedAsync();
        Assert.Contains(reason, end.Text, StringComparison.Ordinal);
        Assert.Empty((await _api.GetAsync("/v1/waiting")).AsArray());
    }

    [Fact]
    public async Task Who_would_resume_has_to_look_at_a_wrong_certificate_too()
    {
        Assert.True(await ResumingClient.IsTakenAsync(_simulator.Host, Ct));
        await AddAsync(new { when = new { count = 2 }, @do = new { certificate = "wrongRoot" } });
        Assert.False(await ResumingClient.IsTakenAsync(_simulator.Host, Ct));
        await _api.PostAsync("/v1/faults", new { @do = new { cut = true } });

        await _companion.EventAsync<ConnectionChanged>(e => e.Status.Reason?.Text.Contains("certificate", StringComparison.Ordinal) == true);
        await _companion.OpenAsync();
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

    [Fact]
    public async Task A_fault_for_another_client_does_not_strike_and_one_taken_away_neither()
    {
        var id = await AddAsync(new { client = Other, when = new { tag = "message", count = 0 }, @do = new { cut = true } });
        var gone = await AddAsync(new { when = new { tag = "message", count = 0 }, @do = new { cut = true } });
        Assert.Equal(HttpStatusCode.NoContent, await _api.DeleteAsync($"/v1/faults/{gone}"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.DeleteAsync($"/v1/faults/{gone}"));

        await _companion.MessageAsync(await _other.SendTextAsync(Own, "untouched"));

        var left = Assert.Single((await _api.GetAsync("/v1/faults")).AsArray())!;
        Assert.Equal(id, (string?)left["id"]);
        Assert.Equal(0, (int)left["hits"]!);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"do":{}}""")]
    [InlineData("""{"do":{"cut":true,"drop":true}}""")]
    [InlineData("""{"do":{"cut":false}}""")]
    [InlineData("""{"do":{"streamError":401}}""")]
    [InlineData("""{"do":{"streamError":{"code":"401"}}}""")]
    [InlineData("""{"do":{"streamError":{"code":12}}}""")]
    [InlineData("""{"do":{"streamError":{}}}""")]
    [InlineData("""{"do":{"failure":403}}""")]
    [InlineData("""{"do":{"iqError":400}}""")]
    [InlineData("""{"do":{"delayMs":0}}""")]
    [InlineData("""{"do":{"delay":5}}""")]
    [InlineData("""{"do":{"reorder":true}}""")]
    [InlineData("""{"do":{"certificate":"odd"}}""")]
    [InlineData("""{"do":{"wrongCertificate":true}}""")]
    [InlineData("""{"do":{"preKeys":"few"}}""")]
    [InlineData("""{"do":{"media":404}}""")]
    [InlineData("""{"do":{"drop":true,"upload":true}}""")]
    [InlineData("""{"do":{"explode":true}}""")]
    [InlineData("""{"do":{"drop":true},"when":{"direction":"up"}}""")]
    [InlineData("""{"do":{"drop":true},"when":{"direction":"in"}}""")]
    [InlineData("""{"do":{"drop":true},"when":{"count":-1}}""")]
    [InlineData("""{"do":{"mediaStatus":200}}""")]
    public async Task A_fault_that_makes_no_sense_is_refused(string body) =>
        Assert.NotEmpty((string)(await _api.PostTextAsync("/v1/faults", body, HttpStatusCode.BadRequest))["message"]!);

    [Fact]
    public async Task A_load_is_sent_delivered_and_counted()
    {
        var id = (string)(await _api.PostAsync("/v1/load", new { senders = 3, to = Own, ratePerSecond = 200, count = 60 }))["id"]!;
        for (var i = 0; i < 60; i++)
            await _companion.EventAsync<MessageReceived>();

        JsonNode run;
        do
        {
            run = await _api.GetAsync($"/v1/load/{id}");
        }
        while ((string?)run["state"] == "running");

        Assert.Equal("done", (string?)run["state"]);
        Assert.Equal((60, 60, 60, 0), ((int)run["sent"]!, (int)run["ackedByServer"]!, (int)run["delivered"]!, (int)run["undecryptable"]!));
        Assert.True((double)run["p50Ms"]! <= (double)run["p99Ms"]!);
        Assert.True((double)run["elapsedMs"]! >= 250);
        await _api.PostAsync("/v1/load", new { senders = 1, to = Other, ratePerSecond = 1, count = 1 }, HttpStatusCode.Conflict);
        await _api.PostAsync("/v1/load", new { senders = 1, to = Own, ratePerSecond = 0, count = 1 }, HttpStatusCode.BadRequest);
    }

    /// <summary>The tags of the children at the end of a path of first children.</summary>
    private static string[] ChildTags(JsonNode node, params string[] path)
    {
        var children = node["content"] as JsonArray ?? [];
        foreach (var tag in path)
            children = children.FirstOrDefault(c => (string?)c!["tag"] == tag)?["content"] as JsonArray ?? [];
        return [.. children.Select(c => (string)c!["tag"]!)];
    }

    /// <summary>The fault as the list shows it.</summary>
    private async Task<JsonNode> ShownAsync(string fault) =>
        Assert.Single((await _api.GetAsync("/v1/faults")).AsArray(), shown => (string?)shown!["id"] == fault)!;

    private async Task<string> AddAsync(object fault) => (string)(await _api.PostAsync("/v1/faults", fault))["id"]!;

    private async Task<JsonNode> StanzaAsync(string query, Func<JsonNode, bool> fits)
    {
        long after = 0;
        while (true)
        {
            var page = await _api.GetAsync($"/v1/clients/{_companion.Jid}/stanzas?{query}&after={after}&wait=15");
            var stanzas = page["stanzas"]!.AsArray();
            if (stanzas.Count == 0)
                throw new TimeoutException("No such stanza passed.");
            if (stanzas.FirstOrDefault(s => fits(s!)) is { } found)
                return found;
            after = (long)page["next"]!;
        }
    }
}
