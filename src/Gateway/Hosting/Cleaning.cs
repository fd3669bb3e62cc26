using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Storage;
using Evolution.Storage.Database;
using Evolution.Storage.Outbox;

namespace Evolution.Gateway.Hosting;

/// <summary>Removes what is too old from the database, and files that no instance has any more from the disk, once an hour.</summary>
internal sealed class Cleaning(
    SqliteDatabase database, DeadLetters deadLetters, MediaStore files, InstanceDirectory instances, TimeProvider time, ILogger<Cleaning> logger) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private readonly Retention retention = new(database, deadLetters);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Start() => running = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    await retention.RunAsync(stopping.Token);
                    if (files.RemoveAbandoned(instances.Exists, time.GetUtcNow(), stopping.Token) is > 0 and var count)
                        HostingLog.FilesRemoved(logger, count);
                }
                catch (StorageUnavailableException e)
                {
                    HostingLog.NotCleaned(logger, e.Message);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    HostingLog.FilesNotRemoved(logger, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The gateway stops; the next start cleans.
        }
    }
}
