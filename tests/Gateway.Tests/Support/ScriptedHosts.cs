using System.Collections.Concurrent;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Tests.Support;

/// <summary>Instances that connect to nothing: a test says what WhatsApp would have said. For what HTTP clients see; the client has tests of its own.</summary>
internal sealed class ScriptedHosts : IInstanceHosts
{
    private readonly ConcurrentDictionary<string, ScriptedHost> hosts = new();

    public ConcurrentQueue<string> Removed { get; } = new();

    /// <summary>Has one for each of <see cref="Removed"/>, to wait for.</summary>
    public SemaphoreSlim Removals { get; } = new(0);

    /// <summary>Removals take until this ends.</summary>
    public Task Holding { get; set; } = Task.CompletedTask;

    public ScriptedHost this[Instance instance] => hosts.GetOrAdd(instance.Id, _ => new ScriptedHost());

    public IInstanceHost HostOf(Instance instance) => this[instance];

    public Task RemoveAsync(Instance instance, CancellationToken cancellationToken)
    {
        Removed.Enqueue(instance.Name);
        hosts.TryRemove(instance.Id, out _);
        Removals.Release();
        return Holding;
    }
}
