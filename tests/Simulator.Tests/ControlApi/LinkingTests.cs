using System.Net;
using Evolution.Client;
using Evolution.Simulator.Tests.Faults;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Simulator.Tests.ControlApi;

/// <summary>Linking and unlinking a real client through the control API.</summary>
public sealed class LinkingTests : IAsyncLifetime
{
    private const string Number = "5511999990001";
    private TestSimulator _simulator = null!;
    private ControlClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await TestSimulator.StartAsync();
        _api = new ControlClient(_simulator.Host);
        await _api.PhoneAsync(Number);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task A_code_that_is_scanned_links_once_and_is_old_afterwards()
    {
        await using var companion = Companion.Start(_simulator.Host);
        var qr = (await companion.EventAsync<QrCodeIssued>()).Text;
        Assert.Single((await _api.GetAsync("/v1/waiting")).AsArray());

        var linked = await _api.PostAsync($"/v1/phones/{Number}/scan?wait=10", new { qr }, HttpStatusCode.OK);

        await companion.OpenAsync();
        Assert.Equal((Number, 1, companion.Jid), ((string?)linked["number"], (int)linked["device"]!, (string?)linked["jid"]));
        var device = Assert.Single((await _api.GetAsync($"/v1/phones/{Number}"))["devices"]!.AsArray())!;
        Assert.True((bool)device["connected"]!);
        Assert.Equal("code-expired", (string?)(await _api.PostAsync($"/v1/phones/{Number}/scan", new { qr }, HttpStatusCode.Gone))["error"]);
    }

    [Fact]
    public async Task A_code_that_nobody_shows_is_not_found()
    {
        var key = Convert.ToBase64String(new byte[32]);
        var answer = await _api.PostAsync($"/v1/phones/{Number}/scan", new { qr = $"2@nobody,{key},{key},{key},1" }, HttpStatusCode.NotFound);
        Assert.Equal("unknown-code", (string?)answer["error"]);
        await _api.PostAsync($"/v1/phones/{Number}/link-code", new { code = "ABCD-1234" }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_companion_that_does_not_log_in_is_said_so()
    {
        await using var companion = Companion.Start(_simulator.Host);
        var qr = (await companion.EventAsync<QrCodeIssued>()).Text;
        await _api.PostAsync("/v1/faults", new { when = new { count = 0 }, @do = new { failure = new { reason = 503 } } });
        await _api.PostAsync("/v1/faults", new { when = new { count = 0 }, @do = new { certificate = "wrongRoot" } });

        var answer = await _api.PostAsync($"/v1/phones/{Number}/scan?wait=1", new { qr }, HttpStatusCode.GatewayTimeout);

        Assert.Equal("no-login", (string?)answer["error"]);
    }

    [Fact]
    public async Task A_companion_that_falls_silent_while_it_is_linked_is_said_so_when_the_wait_is_over()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var simulator = await TestSimulator.StartAsync(clock);
        using var api = new ControlClient(simulator.Host);
        await api.PhoneAsync(Number);
        await using var companion = Companion.Start(simulator.Host);
        var qr = (await companion.EventAsync<QrCodeIssued>()).Text;
        await api.PostAsync("/v1/faults", new { when = new { tag = "iq", count = 0 }, @do = new { drop = true } });

        var scanning = api.PostAsync($"/v1/phones/{Number}/scan?wait=5", new { qr }, HttpStatusCode.GatewayTimeout);
        while ((int)(await api.GetAsync("/v1/faults"))[0]!["hits"]! == 0)
            Assert.False(scanning.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("no-login", (string?)(await scanning)["error"]);
    }

    [Fact]
    public async Task A_wrong_pairing_code_is_not_found_and_one_that_is_used_is_old()
    {
        await using var companion = Companion.Start(_simulator.Host);
        await companion.EventAsync<QrCodeIssued>();
        var code = await companion.Client.RequestPairingCodeAsync(Number, TestContext.Current.CancellationToken);

        Assert.Equal("unknown-code", (string?)(await _api.PostAsync($"/v1/phones/{Number}/link-code", new { code = "ABCD-1234" }, HttpStatusCode.NotFound))["error"]);
        await companion.DisposeAsync();

        Assert.Equal("code-expired", (string?)(await _api.PostAsync($"/v1/phones/{Number}/link-code", new { code }, HttpStatusCode.Gone))["error"]);
    }

    [Fact]
    public async Task A_pairing_code_links_and_the_phone_can_unlink()
    {
        await using var companion = Companion.Start(_simulator.Host);
        await companion.EventAsync<QrCodeIssued>();
        var code = await companion.Client.RequestPairingCodeAsync(Number, TestContext.Current.CancellationToken);

        var linked = await _api.PostAsync($"/v1/phones/{Number}/link-code", new { code }, HttpStatusCode.OK);
        await companion.OpenAsync();
        Assert.Equal(HttpStatusCode.NoContent, await _api.DeleteAsync($"/v1/phones/{Number}/devices/{linked["device"]}"));

        await companion.EventAsync<LoggedOut>();
        Assert.Empty((await _api.GetAsync($"/v1/phones/{Number}"))["devices"]!.AsArray());
    }
}
