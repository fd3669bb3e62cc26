using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Hosting.Commands;

/// <summary><c>migrate</c>: brings the database up to date and ends.</summary>
internal static class MigrateCommand
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var settings = EvolutionSettings.FromEnvironment(sandbox: false);
        using var folder = DataFolder.Open(settings.Server.DataFolder);
        using var loggers = GatewayLogging.CreateFactory(settings.Server.LogLevel, TimeProvider.System);
        // Opening it is what migrates it.
        await using var database = await Persistence.OpenAsync(folder, TimeProvider.System, loggers, cancellationToken);
        Console.WriteLine($"{folder.DatabaseFile} is up to date");
    }
}
