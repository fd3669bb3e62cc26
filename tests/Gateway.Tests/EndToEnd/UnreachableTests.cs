using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Evolution.Client.Tests;
using Evolution.Gateway.Tests.Support;
using Evolution.Simulator;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>WhatsApp can't be reached: the API answers at once and says why, the instance tries on in the background, and finds WhatsApp when it is back.</summary>
public sealed class UnreachableTests : IAsyncLifetime
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(20);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");
    private readonly RecordedLog _log = new();
    private readonly WaitedClock _clock = new();
    private SimulatorHost _simulator = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await StartSimulatorAsync(port: 0);

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_API_answers_at_once_and_the_instance_says_why_and_when_it_tries_again(bool isNameUnknown) => AskWhileUnreachableAsync(isNameUnknown);

    [Theory(Timeout = TestLimit.Ms)]
    [Trait("Part", "budgets")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifteen_answers_take_less_than_one_that_waited_for_WhatsApp(bool isNameUnknown)
    {
        var started = TimeProvider.System.GetTimestamp();
        await AskWhileUnreachableAsync(isNameUnknown);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    private async Task AskWhileUnreachableAsync(bool isNameUnknown)
    {
        await _simulator.DisposeAsync();
        await using var gateway = await StartAsync(isNameUnknown ? "ws://whatsapp.invalid/ws/chat" : _simulator.WebSocketUrl.ToString());
        var created = await CreateAsync(gateway, qrcode: true);
        Assert.Equal(0, (int)created["qrcode"]!["count"]!);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var shown = await FetchAsync(gateway);
            Assert.Equal(("connecting", attempt), ((string?)shown["connectionStatus"], (int)shown["connection"]!["attempt"]!));
            Assert.NotEqual("", (string)shown["connection"]!["reason"]!);
            Assert.Equal("connecting", await StateAsync(gateway));
            Assert.Equal(0, (int)(await gateway.GetAsync("/instance/connect/sales", Ct))["count"]!);
            var logged = _log.Entries.Count;
            _clock.SetUtcNow(LinkedInstance.NextTryOf(shown));
            await WaitForTryAsync(logged);
        }

        using var sent = await gateway.Http.PostAsJsonAsync("/message/sendText/sales", new { number = "5511999990002", text = "Hello" }, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, sent.StatusCode);
        Assert.Contains("Connection Closed", await sent.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(1, (int)(await gateway.GetAsync("/readyz", Ct))["whatsapp"]!["connecting"]!);
        await gateway.DeleteAsync("/instance/delete/sales", Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up_after_a_while_and_holds_nothing_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var gateway = await StartAsync($"ws://{silent.LocalEndpoint}/ws/chat");
        var waiting = _clock.WaitedAsync(s_connectTimeout);
        await CreateAsync(gateway, qrcode: false);
        var connect = gateway.GetAsync("/instance/connect/sales", Ct);
        await waiting;

        Assert.Equal("connecting", await StateAsync(gateway));
        var logged = _log.Entries.Count;
        _clock.Advance(s_connectTimeout);
        await WaitForTryAsync(logged);
        Assert.Equal(408, (int)(await FetchAsync(gateway))["connection"]!["reasonCode"]!);
        Assert.Equal(0, (int)(await connect)["count"]!);

        // The next try is under way when the instance goes.
        waiting = _clock.WaitedAsync(s_connectTimeout);
        _clock.SetUtcNow(LinkedInstance.NextTryOf(await FetchAsync(gateway)));
        await waiting;
        await gateway.DeleteAsync("/instance/delete/sales", Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_linked_instance_finds_WhatsApp_when_it_is_back_and_has_lost_nothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Ct);
        await using var gateway = await StartAsync(_simulator.WebSocketUrl.ToString());
        var created = await CreateAsync(gateway, qrcode: true, receiver.Url);
        var phone = await _simulator.World.CreatePhoneAsync("5511999990001", "Alice");
        await phone.ScanAsync((string)created["qrcode"]!["code"]!, ct: Ct);
        await receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
        var logged = _log.Entries.Count;

        await _simulator.DisposeAsync();
        // Nobody else may get the port meanwhile; one that is bound and not listened on refuses whoever knocks.
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        held.Bind(new IPEndPoint(IPAddress.Loopback, _simulator.WebSocketUrl.Port));
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await WaitForTryAsync(logged);
            logged = _log.Entries.Count;
            _clock.SetUtcNow(LinkedInstance.NextTryOf(await FetchAsync(gateway)));
        }

        await WaitForTryAsync(logged);
        var events = receiver.Events.Count;
        held.Dispose();
        _simulator = await StartSimulatorAsync(_simulator.WebSocketUrl.Port);
        var bob = await _simulator.World.CreatePhoneAsync("5511999990002", "Bob");
        var id = await bob.SendTextAsync("5511999990001", "While you were away");
        _clock.SetUtcNow(LinkedInstance.NextTryOf(await FetchAsync(gateway)));

        await receiver.WaitForAsync(e => (string?)e["event"] == "messages.upsert" && (string?)e["data"]!["key"]!["id"] == id, events, Ct);
        // What waited comes before the instance is told to be open.
        await receiver.WaitForAsync(e => (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "open", events, Ct);
        Assert.Equal("open", await StateAsync(gateway));
        Assert.DoesNotContain(receiver.Events, e => (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "close");
    }

    private static async Task<JsonNode> FetchAsync(RunningGateway gateway) => (await gateway.GetAsync("/instance/fetchInstances", Ct))[0]!;

    private static async Task<string> StateAsync(RunningGateway gateway) =>
        (string)(await gateway.GetAsync("/instance/connectionState/sales", Ct))["instance"]!["state"]!;

    private static Task<JsonNode> CreateAsync(RunningGateway gateway, bool qrcode, Uri? webhook = null) => gateway.PostAsync(
        "/instance/create",
        new
        {
            instanceName = "sales",
            integration = "WHATSAPP-BAILEYS",
            qrcode,
            webhook = new { enabled = webhook is not null, url = webhook?.ToString() ?? "", events = Array.Empty<string>() },
        },
        Ct);

    private Task<SimulatorHost> StartSimulatorAsync(int port) =>
        SimulatorHost.StartAsync(new SimulatorOptions { Port = port, MediaPort = 0, DataDir = Path.Combine(_folder, "simulator") }, Ct);

    private Task<RunningGateway> StartAsync(string url) =>
        RunningGateway.StartAsync(_simulator, Path.Combine(_folder, "gateway"), _log, _clock, Ct, ("WHATSAPP_WEB_URL", url));

    /// <summary>Waits until a try has failed and the next one is planned.</summary>
    private Task WaitForTryAsync(int logged) => _log.WaitAsync(entry => entry.Event.Id == 3001, logged, Ct);
}
