using System.Text.Json.Nodes;
using Evolution.Client;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>Faults of the connection itself: it ends, or is none.</summary>
public sealed class ConnectionFaultTests : WithCompanion
{
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
}
