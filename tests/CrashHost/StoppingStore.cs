using System.Reflection;
using Evolution.Client.Stores;
using Evolution.Storage.Messages;

namespace Evolution.CrashHost;

/// <summary>A device store that lets the first messages from phones pass and stops at the next, before or after its commit, and never goes on.</summary>
/// <remarks>The runtime makes the class that implements the interface; hence neither sealed nor internal.</remarks>
public class StoppingStore : DispatchProxy
{
    private IDeviceStore _store = null!;
    private StopPoint _point;
    private int _sets;

    internal static IDeviceStore Around(IDeviceStore store, StopPoint point)
    {
        var proxy = Create<IDeviceStore, StoppingStore>();
        var stopping = (StoppingStore)(object)proxy;
        stopping._store = store;
        stopping._point = point;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        args is [DeviceWriteSet writes, CancellationToken ct] ? new ValueTask(CommitAsync(writes, ct)) : targetMethod!.Invoke(_store, args);

    private async Task CommitAsync(DeviceWriteSet writes, CancellationToken ct)
    {
        var stops = writes.Attached.OfType<InsertMessage>().Any(insert => !insert.Message.FromMe) && Interlocked.Increment(ref _sets) == 2;
        if (!stops || _point == StopPoint.Committed)
            await _store.CommitAsync(writes, ct);
        if (!stops)
            return;
        Console.WriteLine($"stopped at={_point}");
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
