using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;

namespace Evolution.Gateway.Hosting.Commands;

/// <summary>The command line. It is read before anything else, so that a question is answered without starting a server.</summary>
internal static class CommandLine
{
    private const int Failed = 1;

    public static Task<int> RunAsync(
        string[] args,
        Func<bool, CancellationToken, Task> serve,
        Func<int, CancellationToken, Task> simulate,
        Func<CancellationToken, Task> migrate,
        Func<CancellationToken, Task> import)
    {
        var sandbox = new Option<bool>("--sandbox")
        {
            Description = "Run a simulated WhatsApp inside: no phone and no network needed. Its control API is on SANDBOX_PORT (8085).",
        };
        var port = new Option<int>("--port")
        {
            Description = "Port of the control API and the WebSocket; the media host takes the next one.",
            Required = true,
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens is not [var token] || !int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) || value is < 0 or > 65534)
                result.AddError("--port expects a number from 0 to 65534");
        });

        // Not a RootCommand: that would name itself after the built file, which nobody types.
        var root = new Command(
            "./run", "Evolution for .NET: a WhatsApp gateway with Evolution API's HTTP contract. Settings come from the environment and from .env; .env.example explains each.")
        {
            sandbox,
            new HelpOption(),
            new VersionOption(),
        };
        root.SetAction((result, ct) => Guarded(() => serve(result.GetValue(sandbox), ct)));

        var simulator = new Command("simulator", "Run the simulated WhatsApp alone.") { port };
        simulator.SetAction((result, ct) => Guarded(() => simulate(result.GetValue(port), ct)));
        root.Subcommands.Add(simulator);

        var migration = new Command("migrate", "Bring the database up to date without starting the gateway.");
        migration.SetAction((_, ct) => Guarded(() => migrate(ct)));
        root.Subcommands.Add(migration);

        var importing = new Command("import", "Move an existing Evolution installation in (not available yet).");
        importing.SetAction((_, ct) => Guarded(() => import(ct)));
        root.Subcommands.Add(importing);

        // The host listens to SIGTERM and Ctrl-C itself and needs longer than this library would give it.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static async Task<int> Guarded(Func<Task> command)
    {
        try
        {
            await command();
            return 0;
        }
        catch (SettingException e)
        {
            await Console.Error.WriteLineAsync($"evolution: {e.Message}");
            return Failed;
        }
    }
}
