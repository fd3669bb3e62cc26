using System.Reflection;
using Evolution.Client.Stores;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A device store that has something waited for before each commit.</summary>
/// <remarks>The runtime makes the class that implements the interface; hence neither sealed nor internal.</remarks>
public class HoldingStore : DispatchProxy
{
    private IDeviceStore _store = null!;
    private Func<DeviceWriteSet, CancellationToken, Task> _beforeCommit = null!;

    internal static IDeviceStore Around(IDeviceStore store, Func<DeviceWriteSet, CancellationToken, Task> beforeCommit)
    {
        var proxy = Create<IDeviceStore, HoldingStore>();
        var holding = (HoldingStore)(object)proxy;
        holding._store = store;
        holding._beforeCommit = beforeCommit;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        args is [DeviceWriteSet writes, CancellationToken ct] ? new ValueTask(CommitAsync(writes, ct)) : targetMethod!.Invoke(_store, args);

    private async Task CommitAsync(DeviceWriteSet writes, CancellationToken ct)
    {
        await _beforeCommit(writes, ct);
        await _store.CommitAsync(writes, ct);
    }
}
