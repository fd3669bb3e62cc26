using Evolution.CrashHost;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Storage.Devices;
using Microsoft.Extensions.DependencyInjection;

// The gateway as it is, but that it stops for good at the point that STOP_AT names and says so: whoever started it kills it there.
var stopping = new StoppingStore(Enum.Parse<StopPoint>(Environment.GetEnvironmentVariable("STOP_AT")!));
var settings = EvolutionSettings.FromEnvironment(sandbox: false);
using var folder = DataFolder.Open(settings.Server.DataFolder);
using var loggers = GatewayLogging.CreateFactory(settings.Server.LogLevel, TimeProvider.System);
await using var gateway = await GatewayHost.StartAsync(settings, folder, loggers, CancellationToken.None, services =>
    services.AddSingleton<DeviceStoreFactory>((database, fence) => stopping.Around(new SqliteDeviceStore(database, fence))));
StartupBanner.Print(Console.Out, gateway, folder, sandbox: null);
await gateway.RunUntilStoppedAsync();
