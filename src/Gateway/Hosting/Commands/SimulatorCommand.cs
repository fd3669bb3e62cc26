using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Hosting.Commands;

/// <summary><c>simulator --port P</c>: the simulated WhatsApp alone, until it is told to stop.</summary>
internal static class SimulatorCommand
{
    public static async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        var settings = EvolutionSettings.FromEnvironment(sandbox: true);
        DataFolder.ProtectNewFiles();
        using var loggers = GatewayLogging.CreateFactory(settings.Server.LogLevel, TimeProvider.System);
        // Its own folder inside the gateway's: both may run side by side on the same DATA_DIR.
        var folder = Path.Combine(Path.GetFullPath(settings.Server.DataFolder), Sandbox.FolderName);
        await using var sandbox = await Sandbox.StartAsync(new SandboxOptions(port, "--port"), folder, loggers, cancellationToken);
        Console.WriteLine($"Simulator, not WhatsApp: {sandbox.ControlUrl}");
        Console.WriteLine($"  WHATSAPP_WEB_URL={sandbox.WebSocketUrl}");
        Console.WriteLine($"  WHATSAPP_NOISE_ROOT_KEY={sandbox.RootKey}");
        Console.WriteLine($"  WHATSAPP_MEDIA_CA={sandbox.WriteMediaCa(folder)}");
        Console.WriteLine($"ready simulator={StartupBanner.Loopback(sandbox.ControlUrl)}");
        await Stopping.WaitAsync(cancellationToken);
    }
}
