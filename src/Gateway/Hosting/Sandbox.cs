using System.Net.Sockets;
using Evolution.Gateway.Instances;
using Evolution.Simulator;
using Microsoft.AspNetCore.Connections;

namespace Evolution.Gateway.Hosting;

/// <summary>The simulated WhatsApp in this process. The only place that knows the simulator.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    /// <summary>Folder inside the data folder.</summary>
    public const string FolderName = "sandbox";

    private readonly SimulatorHost simulator;

    private Sandbox(SimulatorHost simulator) => this.simulator = simulator;

    /// <summary>Its control API and page.</summary>
    public Uri ControlUrl => simulator.ControlUrl;

    public Uri WebSocketUrl => simulator.WebSocketUrl;

    /// <summary>What a client has to pin, as hexadecimal.</summary>
    public string RootKey => Convert.ToHexStringLower(simulator.RootKey);

    /// <exception cref="SettingException">The port is in use, or the folder can't be written.</exception>
    public static async Task<Sandbox> StartAsync(SandboxOptions options, string folder, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new Sandbox(await SimulatorHost.StartAsync(
                new SimulatorOptions { Port = options.Port, DataDir = folder, Loggers = loggers }, cancellationToken));
        }
        catch (Exception e) when (e is SocketException or { InnerException: AddressInUseException })
        {
            throw new SettingException($"The simulator can't start on port {options.Port}: {e.Message.TrimEnd('.')}. {options.PortSetting} chooses another port");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The simulator can't start with its data in {folder}: {e.Message.TrimEnd('.')}. DATA_DIR chooses another data folder");
        }
    }

    /// <summary>Options that lead to this simulator. Its version is fixed: nothing is fetched from outside.</summary>
    public DeviceOptions Point(DeviceOptions device) => device with { WebSocketUrl = WebSocketUrl, NoiseRootKey = simulator.RootKey, MediaCaPem = simulator.MediaCa };

    /// <summary>Puts the media host's authority where a gateway in another process can read it, and says where that is.</summary>
    public string WriteMediaCa(string folder)
    {
        var file = Path.Combine(folder, "media-ca.pem");
        File.WriteAllText(file, simulator.MediaCa);
        return file;
    }

    public ValueTask DisposeAsync() => simulator.DisposeAsync();
}
