using Evolution.Gateway.Events;
using Evolution.Gateway.Events.Webhook;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Storage.Devices;

namespace Evolution.Gateway.Hosting;

/// <summary>What runs beside the API: instances, deliveries and their upkeep. They stop after the API does and before the database closes.</summary>
internal sealed class Runtime(
    InstanceHosts hosts, WebVersions versions, UnpairedInstances unpaired, WebhookDispatcher webhooks, PublishedFiles files, WaitingUploads uploads, Cleaning cleaning, ILogger<Runtime> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        webhooks.Start();
        versions.Start();
        hosts.Start();
        unpaired.Start();
        files.Start();
        uploads.Start();
        cleaning.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StopPartsAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is not stored is not acknowledged either, so it comes again; a process that does not end would be killed all the same.
            HostingLog.StoppedLate(logger);
        }
    }

    private async Task StopPartsAsync()
    {
        await unpaired.StopAsync();
        await hosts.StopAsync();
        await versions.StopAsync();
        await webhooks.StopAsync();
        await uploads.StopAsync();
        await files.StopAsync();
        await cleaning.StopAsync();
    }
}

internal static class RuntimeRegistration
{
    /// <summary>Instances, deliveries, and what runs them.</summary>
    public static IServiceCollection AddRuntime(this IServiceCollection services) => services
        .AddSingleton(new WebVersionPage(WebVersionPage.WhatsApp))
        .AddSingleton<WebVersions>()
        .AddSingleton<DeviceStoreFactory>(static (database, fence) => new SqliteDeviceStore(database, fence))
        .AddSingleton<DeviceClients>()
        .AddSingleton<HostParts>()
        .AddSingleton<InstanceHosts>()
        .AddSingleton<IInstanceHosts>(provider => provider.GetRequiredService<InstanceHosts>())
        .AddSingleton<UnpairedInstances>()
        .AddSingleton<MediaLibrary>()
        .AddSingleton<PublishedFiles>()
        .AddSingleton<WaitingUploads>()
        .AddSingleton<EventMedia>()
        .AddSingleton<WebhookSender>()
        .AddSingleton<WebhookDispatcher>()
        .AddSingleton<Cleaning>()
        .AddHostedService<Runtime>();
}
