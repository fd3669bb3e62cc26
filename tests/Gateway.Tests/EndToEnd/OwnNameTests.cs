using System.Text.Json.Nodes;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Simulator;
using Evolution.Storage.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>The name of an instance's account comes with the history, which may take longer than the login.</summary>
public sealed class OwnNameTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");
    private readonly HeldEvent _history = new("contacts.upsert");
    private SimulatorHost _simulator = null!;
    private WebhookReceiver _receiver = null!;
    private RunningGateway _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        _receiver = await WebhookReceiver.StartAsync(Ct);
        _gateway = await RunningGateway.StartAsync(
            _simulator,
            Path.Combine(_folder, "gateway"),
            NullLoggerFactory.Instance,
            services => services.AddSingleton<DeviceStoreFactory>((database, fence) => _history.Around(new SqliteDeviceStore(database, fence))),
            Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _history.Dispose();
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_name_that_comes_after_the_login_is_shown_without_another_one()
    {
        var phone = await _simulator.World.CreatePhoneAsync("5511999990001", "Alice");
        var created = await _gateway.PostAsync(
            "/instance/create",
            new { instanceName = "sales", integration = "WHATSAPP-BAILEYS", qrcode = true, webhook = new { enabled = true, url = _receiver.Url.ToString(), events = Array.Empty<string>() } },
            Ct);
        await phone.ScanAsync((string)created["qrcode"]!["code"]!, ct: Ct);
        var open = await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
        Assert.False(open["data"]!.AsObject().ContainsKey("profileName"));

        _history.Release();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(s_limit);
        // No event tells of it.
        while ((string?)(await FetchAsync())["profileName"] != "Alice")
            limit.Token.ThrowIfCancellationRequested();
    }

    private async Task<JsonNode> FetchAsync() => (await _gateway.GetAsync("/instance/fetchInstances?instanceName=sales", Ct))[0]!;
}
