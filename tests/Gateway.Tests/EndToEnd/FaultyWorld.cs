using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Client.Tests;
using Evolution.Gateway.Tests.Support;
using Evolution.Simulator;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A gateway whose WhatsApp can be made to fail through the simulator's control API, on a clock that tests move on.</summary>
public sealed class FaultyWorld : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");
    private HttpClient _control = null!;
    private int _numbers;

    /// <summary>Environment variables of the gateway beside the usual ones.</summary>
    internal (string Name, string Value)[] Settings { get; init; } = [];

    internal SimulatorHost Simulator { get; private set; } = null!;

    internal RunningGateway Gateway { get; private set; } = null!;

    internal WebhookReceiver Receiver { get; private set; } = null!;

    internal RecordedLog Log { get; } = new();

    internal WaitedClock Clock { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") });
        Receiver = await WebhookReceiver.StartAsync(CancellationToken.None);
        Gateway = await RunningGateway.StartAsync(Simulator, Path.Combine(_folder, "gateway"), Log, Clock, CancellationToken.None, Settings);
        _control = new HttpClient { BaseAddress = Simulator.ControlUrl };
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await Gateway.DisposeAsync();
        await Receiver.DisposeAsync();
        await Simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>An instance that is linked to a phone of its own and open.</summary>
    internal async Task<LinkedInstance> LinkAsync(CancellationToken cancellationToken)
    {
        var number = $"55119999{Interlocked.Increment(ref _numbers):D5}";
        var phone = await Simulator.World.CreatePhoneAsync(number, "Alice");
        var created = await Gateway.PostAsync(
            "/instance/create",
            new { instanceName = $"i{number}", integration = "WHATSAPP-BAILEYS", qrcode = true, webhook = new { enabled = true, url = Receiver.Url.ToString(), events = Array.Empty<string>() } },
            cancellationToken);
        var instance = new LinkedInstance(this, (string)created["instance"]!["instanceName"]!, (string)created["instance"]!["instanceId"]!, phone);
        await instance.ScanAsync((string)created["qrcode"]!["code"]!, cancellationToken);
        return instance;
    }

    /// <summary>A phone that writes to instances.</summary>
    internal Task<Phone> CreatePhoneAsync() => Simulator.World.CreatePhoneAsync($"55118888{Interlocked.Increment(ref _numbers):D5}", "Bob");

    /// <summary>Asks the simulator for a fault and returns its id.</summary>
    /// <param name="fault">The body of <c>POST /v1/faults</c>.</param>
    internal async Task<string> BreakAsync(JsonObject fault, CancellationToken cancellationToken)
    {
        using var answer = await _control.PostAsJsonAsync("/v1/faults", fault, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return (string)JsonNode.Parse(text)!["id"]!;
    }

    internal async Task MendAsync(string fault, CancellationToken cancellationToken) =>
        (await _control.DeleteAsync($"/v1/faults/{fault}", cancellationToken)).EnsureSuccessStatusCode().Dispose();

    /// <summary>Calls the simulator's control API without a body.</summary>
    internal async Task TellSimulatorAsync(string path, CancellationToken cancellationToken) =>
        (await _control.PostAsync(path, null, cancellationToken)).EnsureSuccessStatusCode().Dispose();

    /// <summary>What the simulator's control API answers.</summary>
    internal async Task<JsonNode> AskSimulatorAsync(string path, CancellationToken cancellationToken) =>
        JsonNode.Parse(await _control.GetStringAsync(path, cancellationToken))!;
}
