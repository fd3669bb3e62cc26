using Evolution.Simulator.Phones;

namespace Evolution.Simulator.Tests;

/// <summary>A simulator on free ports with a data folder of its own, which it can be started on again.</summary>
internal sealed class TestSimulator : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("evolution-simulator-").FullName;
    private readonly TimeProvider _time;
    private SimulatorHost? _host;

    private TestSimulator(TimeProvider time) => _time = time;

    public SimulatorHost Host => _host ?? throw new InvalidOperationException("Not started.");

    public SimulatedWorld World => Host.World;

    public static async Task<TestSimulator> StartAsync(TimeProvider? time = null)
    {
        var simulator = new TestSimulator(time ?? TimeProvider.System);
        await simulator.OpenAsync();
        return simulator;
    }

    public string Folder => _folder;

    public Phone Phone(string number) => World.FindPhone(number) ?? throw new InvalidOperationException("No such phone.");

    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task OpenAsync() =>
        _host = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = _folder, Time = _time }, TestContext.Current.CancellationToken);
}
