using System.Reflection;
using Evolution.Client.Stores;

namespace Evolution.CrashHost;

/// <summary>A device store in front of which somebody decides what happens around each commit.</summary>
/// <remarks>The runtime makes the class that implements the interface; hence not sealed.</remarks>
public class InterceptedStore : DispatchProxy
{
    private IDeviceStore _store = null!;
    private Func<DeviceWriteSet, Func<Task>, CancellationToken, Task> _around = null!;

    /// <summary>Puts a decision in front of a store.</summary>
    /// <param name="store">The store that commits.</param>
    /// <param name="around">Gets what is to be committed and what commits it.</param>
    public static IDeviceStore Around(IDeviceStore store, Func<DeviceWriteSet, Func<Task>, CancellationToken, Task> around)
    {
        var proxy = Create<IDeviceStore, InterceptedStore>();
        var intercepted = (InterceptedStore)(object)proxy;
        intercepted._store = store;
        intercepted._around = around;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => args is [DeviceWriteSet writes, CancellationToken ct]
        ? new ValueTask(_around(writes, () => _store.CommitAsync(writes, ct).AsTask(), ct))
        : targetMethod!.Invoke(_store, args);
}
