using Microsoft.Extensions.Time.Testing;

namespace Evolution.Client.Tests;

/// <summary>A clock that a test moves on, and that tells when somebody has begun to wait for it: moving it sooner would be in vain.</summary>
internal sealed class WaitedClock() : FakeTimeProvider(TimeProvider.System.GetUtcNow())
{
    private readonly Lock gate = new();
    private readonly List<(TimeSpan Due, TaskCompletionSource Signal)> expected = [];

    /// <summary>Completes when, from now on, somebody begins to wait for exactly so long.</summary>
    public Task WaitedAsync(TimeSpan due)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
            expected.Add((due, signal));
        return signal.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (gate)
        {
            foreach (var (_, signal) in expected.Where(wait => wait.Due == dueTime))
                signal.SetResult();
            expected.RemoveAll(wait => wait.Due == dueTime);
        }

        return timer;
    }
}
