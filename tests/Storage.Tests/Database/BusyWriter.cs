using Evolution.Storage.Database;

namespace Evolution.Storage.Tests.Database;

/// <summary>Holds the writer inside a transaction, so that what is written meanwhile waits together.</summary>
internal sealed class BusyWriter : IDisposable
{
    private readonly ManualResetEventSlim release = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task write = Task.CompletedTask;

    public static async Task<BusyWriter> StartAsync(SqliteDatabase database)
    {
        var ct = TestContext.Current.CancellationToken;
        var busy = new BusyWriter();
        busy.write = database.WriteAsync(
            _ =>
            {
                busy.started.SetResult();
                busy.release.Wait(ct);
            },
            ct);
        await busy.started.Task.WaitAsync(TimeSpan.FromSeconds(10), ct);
        return busy;
    }

    public Task EndAsync()
    {
        release.Set();
        return write;
    }

    public void Dispose()
    {
        release.Set();
        release.Dispose();
    }
}
