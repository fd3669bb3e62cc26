using Evolution.Simulator;

namespace Evolution.Interop.Tests;

/// <summary>A simulator on free ports with a folder of its own, whose stanzas are recorded.</summary>
internal sealed class TestSimulator : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private TestSimulator(DirectoryInfo folder, SimulatorHost host)
    {
        _folder = folder;
        Host = host;
        host.World.Interceptor = Recorder;
    }

    public SimulatorHost Host { get; }

    public SimulatedWorld World => Host.World;

    public StanzaRecorder Recorder { get; } = new();

    public static async Task<TestSimulator> StartAsync(CancellationToken ct, Func<SimulatorOptions, SimulatorOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("evolution-interop-");
        var options = new SimulatorOptions { DataDir = folder.FullName };
        return new TestSimulator(folder, await SimulatorHost.StartAsync(configure?.Invoke(options) ?? options, ct));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
