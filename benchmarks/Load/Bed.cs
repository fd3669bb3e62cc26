using System.Globalization;

namespace Evolution.Load;

/// <summary>What every measurement lies in: a simulator and a gateway as processes of their own, and a webhook receiver in this one.</summary>
internal sealed class Bed : IAsyncDisposable
{
    private const int ParallelLinks = 4;
    private readonly string program;
    private readonly string folder;
    private readonly ServerProcess simulatorProcess;
    private readonly IReadOnlyDictionary<string, string> simulatorSettings;
    private ServerProcess? gatewayProcess;
    private GatewayApi? gateway;

    private Bed(string program, string folder, ServerProcess simulatorProcess, SimulatorApi simulator, IReadOnlyDictionary<string, string> settings, WebhookReceiver receiver)
    {
        this.program = program;
        this.folder = folder;
        this.simulatorProcess = simulatorProcess;
        simulatorSettings = settings;
        Simulator = simulator;
        Receiver = receiver;
    }

    public SimulatorApi Simulator { get; }

    public WebhookReceiver Receiver { get; }

    public GatewayApi Gateway => gateway ?? throw new InvalidOperationException("The gateway is not started");

    /// <summary>Instances that are linked.</summary>
    public int Instances { get; private set; }

    public TimeSpan GatewayProcessorTime => gatewayProcess!.ProcessorTime;

    public long GatewayBytes => gatewayProcess!.ResidentBytes;

    public long GatewayPeakBytes => gatewayProcess!.PeakBytes;

    public long GatewayOwnBytes => gatewayProcess!.OwnBytes;

    public long SimulatorBytes => simulatorProcess.ResidentBytes;

    /// <param name="program">The built gateway.</param>
    /// <param name="folder">Gets the data and logs of both processes.</param>
    public static async Task<Bed> StartAsync(string program, string folder)
    {
        var receiver = await WebhookReceiver.StartAsync();
        var port = ServerProcess.FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        var process = await ServerProcess.StartAsync(
            [program, "simulator", "--port", port.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string> { ["DATA_DIR"] = Path.Combine(folder, "simulator") },
            Path.Combine(folder, "simulator.log"),
            new Uri(address, "/v1/info"));
        var simulator = new SimulatorApi(address);
        return new Bed(program, folder, process, simulator, await simulator.SettingsAsync(folder), receiver);
    }

    public static string InstanceName(int index) => $"bench-{index}";

    /// <summary>Stops the gateway if it runs, starts it on the same data, and waits until every instance is connected.</summary>
    /// <param name="withMetrics">Whether it counts and serves its metrics.</param>
    /// <returns>From exec until /readyz answered 200, and the processor time until then.</returns>
    public async Task<(TimeSpan Took, TimeSpan ProcessorTime)> RestartGatewayAsync(bool withMetrics)
    {
        await StopGatewayAsync();
        (gatewayProcess, gateway) = await StartGatewayAsync("gateway", withMetrics);
        var used = gatewayProcess.ProcessorTime;
        await gateway.WaitForOpenAsync(Instances);
        return (gatewayProcess.StartedIn, used);
    }

    /// <summary>Links instances, each with a phone and all its events going to the receiver, until there are so many.</summary>
    public async Task LinkUpToAsync(int count)
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(Instances, count - Instances),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelLinks },
            async (index, _) =>
            {
                await Simulator.MakePhoneAsync(SimulatorApi.Number(index));
                await Simulator.ScanAsync(SimulatorApi.Number(index), await Gateway.CreateAsync(InstanceName(index), Receiver.Address));
            });
        Instances = count;
        await Gateway.WaitForOpenAsync(count);
    }

    /// <summary>Links so many companions to each phone, by a gateway of its own that stops afterwards: what is for them waits at the server.</summary>
    public async Task LinkOthersAsync(IReadOnlyList<string> numbers, int companions)
    {
        if (companions == 0)
            return;
        var (process, api) = await StartGatewayAsync("others", withMetrics: false);
        await using var _ = process;
        using var __ = api;
        await Parallel.ForEachAsync(
            numbers.SelectMany(number => Enumerable.Range(0, companions).Select(companion => (Number: number, Name: $"{number}-{companion}"))),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelLinks },
            async (of, _) => await Simulator.ScanAsync(of.Number, await api.CreateAsync(of.Name, webhook: null)));
    }

    public async ValueTask DisposeAsync()
    {
        await StopGatewayAsync();
        Simulator.Dispose();
        await simulatorProcess.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <param name="data">Name of its data folder and log.</param>
    private async Task<(ServerProcess Process, GatewayApi Api)> StartGatewayAsync(string data, bool withMetrics)
    {
        var port = ServerProcess.FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        var settings = new Dictionary<string, string>(simulatorSettings)
        {
            ["DATA_DIR"] = Path.Combine(folder, data),
            ["SERVER_HOST"] = "127.0.0.1",
            ["SERVER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["AUTHENTICATION_API_KEY"] = GatewayApi.Key,
            ["PROMETHEUS_METRICS"] = withMetrics ? "true" : "false",
        };
        var process = await ServerProcess.StartAsync([program], settings, Path.Combine(folder, $"{data}.log"), new Uri(address, "/readyz"));
        return (process, new GatewayApi(address));
    }

    private async Task StopGatewayAsync()
    {
        gateway?.Dispose();
        if (gatewayProcess is not null)
            await gatewayProcess.DisposeAsync();
        gatewayProcess = null;
    }
}
