using Evolution.Client.Stores;
using Evolution.Storage.Messages;

namespace Evolution.CrashHost;

/// <summary>Lets the first messages from phones be stored and stops at the next, before or after its commit, and never goes on.</summary>
internal sealed class StoppingStore(StopPoint point)
{
    private int _sets;

    public IDeviceStore Around(IDeviceStore store) => InterceptedStore.Around(store, CommitAsync);

    private async Task CommitAsync(DeviceWriteSet writes, Func<Task> commit, CancellationToken ct)
    {
        var stops = writes.Attached.OfType<InsertMessage>().Any(insert => !insert.Message.FromMe) && Interlocked.Increment(ref _sets) == 2;
        if (!stops || point == StopPoint.Committed)
            await commit();
        if (!stops)
            return;
        Console.WriteLine($"stopped at={point}");
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
