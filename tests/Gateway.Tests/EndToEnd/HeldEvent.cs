using Evolution.Client.Stores;
using Evolution.CrashHost;
using Evolution.Storage.Outbox;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>An event that is made and not stored: whatever device store has to commit it waits until it is let go.</summary>
internal sealed class HeldEvent(string name) : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the event is about to be stored.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Makes a store hold the event.</summary>
    public IDeviceStore Around(IDeviceStore store) => InterceptedStore.Around(store, HoldAsync);

    /// <summary>Lets it be stored.</summary>
    public void Release() => _released.TrySetResult();

    public void Dispose() => Release();

    private async Task HoldAsync(DeviceWriteSet writes, Func<Task> commit, CancellationToken cancellationToken)
    {
        if (writes.Attached.OfType<AppendEvent>().Any(e => e.Name == name))
        {
            _reached.TrySetResult();
            await _released.Task.WaitAsync(cancellationToken);
        }

        await commit();
    }
}
