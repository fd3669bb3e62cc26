using System.Text.Json.Nodes;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Simulator;
using Evolution.Simulator.Phones;
using Evolution.Storage.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>
/// A code is shown once its event is stored: whoever scans or types it ends the connection, and with it what was still to be stored.
/// </summary>
public sealed class ShownCodeTests : IAsyncLifetime
{
    private const string OwnNumber = "5511999990001";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");
    private readonly HeldEvent _held = new("qrcode.updated");
    private SimulatorHost _simulator = null!;
    private WebhookReceiver _receiver = null!;
    private RunningGateway _gateway = null!;
    private Phone _phone = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IInstanceHost Host => _gateway.Services.GetRequiredService<IInstanceHosts>().HostOf(_gateway.Services.GetRequiredService<InstanceDirectory>().Find("sales")!);

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        _phone = await _simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        _receiver = await WebhookReceiver.StartAsync(Ct);
        _gateway = await RunningGateway.StartAsync(
            _simulator,
            Path.Combine(_folder, "gateway"),
            NullLoggerFactory.Instance,
            services => services.AddSingleton<DeviceStoreFactory>((database, fence) => _held.Around(new SqliteDeviceStore(database, fence))),
            Ct);
        await _gateway.PostAsync(
            "/instance/create",
            new { instanceName = "sales", integration = "WHATSAPP-BAILEYS", webhook = new { enabled = true, url = _receiver.Url.ToString(), events = Array.Empty<string>() } },
            Ct);
    }

    public async ValueTask DisposeAsync()
    {
        // A stop waits for what is being stored.
        _held.Dispose();
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Of_a_QR_code()
    {
        await ConnectUntilHeldAsync("");

        Assert.Equal("""{"count":0}""", (await AskAsync()).ToJsonString());

        var shown = await ShownAsync();
        await _phone.ScanAsync((string)shown["code"]!, ct: Ct);
        await HeardAsync("code", shown);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Of_a_pairing_code()
    {
        await ConnectUntilHeldAsync($"?number={OwnNumber}");

        Assert.Null((string?)(await AskAsync())["pairingCode"]);

        var shown = await ShownAsync();
        await _phone.LinkCodeAsync((string)shown["pairingCode"]!, ct: Ct);
        await HeardAsync("pairingCode", shown);
    }

    private Task<JsonNode> AskAsync() => _gateway.GetAsync("/instance/connect/sales", Ct);

    // The answer waits for a code, and says so when none comes: that it has none is looked at while the event is held.
    private async Task ConnectUntilHeldAsync(string query)
    {
        var answer = _gateway.GetAsync("/instance/connect/sales" + query, Ct);
        await _held.Reached.WaitAsync(Ct);
        await answer;
    }

    private async Task<JsonNode> ShownAsync()
    {
        _held.Release();
        await Host.WaitForQrCodeAsync(TimeSpan.FromMilliseconds(TestLimit.Ms), Ct);
        return await AskAsync();
    }

    private async Task HeardAsync(string part, JsonNode shown)
    {
        var heard = await _receiver.WaitAsync("qrcode.updated", null, Ct);
        Assert.Equal((string)shown[part]!, (string?)heard["data"]!["qrcode"]![part]);
        await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
    }
}
