using Microsoft.Extensions.Logging;

namespace Evolution.Client;

/// <summary>The owner of what runs beside the stanzas: bounded in number, cancelled and awaited at the end.</summary>
internal sealed partial class BackgroundWork(ILogger log) : IAsyncDisposable
{
    private const int Most = 512;

    private readonly Lock gate = new();
    private readonly HashSet<Task> running = [];
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Starts the work. Its failure is logged; a lost connection ends it quietly. False when there is too much of it already, or the client has ended.</summary>
    public bool TryRun(string name, Func<CancellationToken, Task> work)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                return false;
            if (running.Count >= Most)
            {
                TooMuch(log, name);
                return false;
            }

            var task = Task.Run(() => RunAsync(name, work), CancellationToken.None);
            running.Add(task);
            _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (gate)
        {
            stopping.Cancel();
            left = [.. running];
        }

        await Task.WhenAll(left).ConfigureAwait(false);
    }

    private async Task RunAsync(string name, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionLostException)
        {
            // The client or the connection has ended; nobody waits for this any more.
        }
        catch (Exception e)
        {
            Failed(log, name, e);
        }
    }

    private void Forget(Task task)
    {
        lock (gate)
            running.Remove(task);
    }

    [LoggerMessage(1, LogLevel.Warning, "Background work {Name} failed.")]
    private static partial void Failed(ILogger log, string name, Exception e);

    [LoggerMessage(2, LogLevel.Error, "Too much background work; {Name} is left undone.")]
    private static partial void TooMuch(ILogger log, string name);
}
