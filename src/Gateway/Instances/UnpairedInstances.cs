using System.Threading.Channels;
using Evolution.Storage;

namespace Evolution.Gateway.Instances;

/// <summary>
/// Deletes new instances that nobody linked in time (<c>DEL_INSTANCE</c>). Each is looked at once, and only in the process that made it; one that was
/// ever linked is left alone, also while it is not connected.
/// </summary>
internal sealed class UnpairedInstances(
    DeviceOptions device, IInstanceHosts hosts, InstanceDirectory directory, InstanceLifecycle lifecycle, TimeProvider time, ILogger<UnpairedInstances> logger) : IDisposable
{
    private const int MaxWatched = 100_000;

    // All wait equally long, so that the order in which they came is the order in which they are due. Beyond the bound they are left alone.
    private readonly Channel<(Instance Instance, DateTimeOffset Due)> watched =
        Channel.CreateBounded<(Instance, DateTimeOffset)>(new BoundedChannelOptions(MaxWatched) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    /// <summary>Looks at a new instance when its time is up, if there is such a time.</summary>
    public void Watch(Instance instance)
    {
        if (device.DeleteUnpairedAfterMinutes is { } minutes)
            watched.Writer.TryWrite((instance, time.GetUtcNow() + TimeSpan.FromMinutes(minutes)));
    }

    public void Start() => running = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync()
    {
        try
        {
            await foreach (var (instance, due) in watched.Reader.ReadAllAsync(stopping.Token))
            {
                if (due - time.GetUtcNow() is { Ticks: > 0 } left)
                    await Task.Delay(left, time, stopping.Token);
                await LookAtAsync(instance);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The gateway stops; those that wait are left alone from now on.
        }
    }

    private async Task LookAtAsync(Instance instance)
    {
        if (directory.Find(instance.Name) != instance || hosts.HostOf(instance) is { Status.State: ConnectionState.Open } or { Provider.Account: not null })
            return;
        try
        {
            InstancesLog.NeverLinked(logger, instance.Name, device.DeleteUnpairedAfterMinutes!.Value);
            await lifecycle.DeleteAsync(instance);
        }
        catch (Exception e) when (e is StorageUnavailableException or KeyNotFoundException)
        {
            InstancesLog.NotDeleted(logger, e, instance.Name);
        }
    }
}
