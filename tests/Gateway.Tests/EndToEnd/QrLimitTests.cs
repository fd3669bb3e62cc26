using Evolution.Client.Tests;
using Evolution.Simulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>An instance that nobody links does not show codes for ever.</summary>
public sealed class QrLimitTests : IAsyncLifetime
{
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(45);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");
    private readonly WaitedClock _clock = new();
    private SimulatorHost _simulator = null!;
    private WebhookReceiver _receiver = null!;
    private RunningGateway _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        _receiver = await WebhookReceiver.StartAsync(Ct);
        _gateway = await RunningGateway.StartAsync(_simulator, Path.Combine(_folder, "gateway"), NullLoggerFactory.Instance, _clock, Ct, ("QRCODE_LIMIT", "1"));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task After_the_last_code_the_limit_is_told_the_instance_rests_and_connecting_shows_a_new_one()
    {
        var shown = _clock.WaitedAsync(s_lifetime);
        var created = await _gateway.PostAsync(
            "/instance/create",
            new
            {
                instanceName = "sales",
                integration = "WHATSAPP-BAILEYS",
                qrcode = true,
                webhook = new { enabled = true, url = _receiver.Url.ToString(), events = Array.Empty<string>() },
            },
            Ct);
        await shown;

        // In two steps: in one of all 45 s the server would seem to have been silent for too long.
        var ping = _clock.WaitedAsync(s_keepAlive);
        _clock.Advance(s_keepAlive);
        await ping;
        _clock.Advance(s_lifetime - s_keepAlive);

        var limit = await _receiver.WaitAsync("qrcode.updated", data => data["message"] is not null, Ct);
        Assert.Equal("""{"message":"QR code limit reached, please login again","statusCode":500}""", limit["data"]!.ToJsonString());
        var refused = await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "refused", Ct);
        Assert.Equal(428, (int)refused["data"]!["statusReason"]!);
        Assert.Equal("close", (string?)(await _gateway.GetAsync("/instance/connectionState/sales", Ct))["instance"]!["state"]);
        Assert.Single(_receiver.Events, e => (string?)e["event"] == "qrcode.updated" && e["data"]!["qrcode"] is not null);

        var code = (string)(await _gateway.GetAsync("/instance/connect/sales", Ct))["code"]!;
        Assert.NotEqual((string?)created["qrcode"]!["code"], code);
        var phone = await _simulator.World.CreatePhoneAsync("5511999990001", "Alice");
        await phone.ScanAsync(code, ct: Ct);
        await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
    }
}
