using System.Collections.Concurrent;
using Evolution.Gateway.Instances;
using Evolution.Storage;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <inheritdoc cref="IInstanceHosts"/>
internal sealed class InstanceHosts(InstanceDirectory directory, DeviceClients clients, HostParts parts) : IInstanceHosts, IDisposable
{
    private const int ParallelStops = 64;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan UnlinkLimit = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Lazy<WhatsAppWebHost>> hosts = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private Task starting = Task.CompletedTask;

    /// <summary>Connects every instance that was linked, at most 20 a second, so that a restart looks like no attack. Returns at once.</summary>
    public void Start() => starting = Task.Run(StartAllAsync);

    /// <inheritdoc/>
    public IInstanceHost HostOf(Instance instance)
    {
        // Whoever asked before the deletion began may come after it. What he gets starts nothing, and nobody keeps it.
        if (instance.IsLeaving)
            return hosts.TryGetValue(instance.Id, out var known) ? known.Value : new WhatsAppWebHost(instance, clients, parts);
        return hosts.GetOrAdd(instance.Id, static (_, state) => new Lazy<WhatsAppWebHost>(() => new WhatsAppWebHost(state.instance, state.clients, state.parts)), (instance, clients, parts)).Value;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(Instance instance, CancellationToken cancellationToken)
    {
        if (!hosts.TryRemove(instance.Id, out var host))
            return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(UnlinkLimit);
        try
        {
            await host.Value.RemoveAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await host.Value.DisposeAsync();
        }
    }

    /// <summary>Closes every connection.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await starting;
        await Parallel.ForEachAsync(
            hosts.Values, new ParallelOptions { MaxDegreeOfParallelism = ParallelStops }, async (host, _) => await host.Value.DisposeAsync());
    }

    public void Dispose() => stopping.Dispose();

    private async Task StartAllAsync()
    {
        foreach (var instance in directory.All.Where(instance => instance.OwnerJid is not null))
        {
            try
            {
                await HostOf(instance).ConnectAsync(null, stopping.Token);
                await Task.Delay(Between, parts.Time, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is StorageUnavailableException or KeyNotFoundException)
            {
                WhatsAppWebLog.NotStarted(parts.Logger, e, instance.Name);
            }
        }
    }
}
