using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Evolution.Simulator.Server;

/// <summary>Owns what is started and not awaited at once: logs its failures and waits for all of it at the end.</summary>
internal sealed class BackgroundTasks(ILogger log)
{
    private readonly ConcurrentDictionary<Task, byte> _running = new();

    public void Run(Func<Task> work)
    {
        var task = Task.Run(() => GuardAsync(work));
        _running[task] = 0;
        _ = task.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async Task DrainAsync()
    {
        while (!_running.IsEmpty)
            await Task.WhenAll(_running.Keys).ConfigureAwait(false);
    }

    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The simulator stops.
        }
        catch (Exception e)
        {
            SimulatorLog.PhoneFailed(log, e);
        }
    }
}
