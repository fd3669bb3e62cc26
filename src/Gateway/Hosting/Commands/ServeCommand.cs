using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Hosting.Commands;

/// <summary>No command: the gateway.</summary>
internal static class ServeCommand
{
    public static async Task RunAsync(bool withSandbox, CancellationToken cancellationToken)
    {
        var settings = EvolutionSettings.FromEnvironment(withSandbox);
        using var folder = DataFolder.Open(settings.Server.DataFolder);
        using var loggers = GatewayLogging.CreateFactory(settings.Server.LogLevel, TimeProvider.System);
        if (settings.WithoutEffect.Count > 0)
            HostingLog.WithoutEffect(loggers.CreateLogger(typeof(ServeCommand)), string.Join(", ", settings.WithoutEffect));
        await using var sandbox = withSandbox ? await Sandbox.StartAsync(settings.Sandbox, folder.File(Sandbox.FolderName), loggers, cancellationToken) : null;
        if (sandbox is not null)
            settings = settings with { Device = sandbox.Point(settings.Device) };

        await using var gateway = await GatewayHost.StartAsync(settings, folder, loggers, cancellationToken);
        StartupBanner.Print(Console.Out, gateway, folder, sandbox);
        await gateway.RunUntilStoppedAsync();
    }
}
