using Evolution.Gateway.Instances;
using Evolution.Storage;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Media;

/// <summary>
/// Puts the files that the object store did not take when their messages came, also over restarts: looks for them at the start and then as often as a
/// failing store is tried again. One that can't be put has its turn again later and later, for two weeks.
/// </summary>
internal sealed class WaitingUploads(
    FileQueue queue, PublishedFiles published, InstanceDirectory instances, ArrivedFiles arrived, TimeProvider time, ILogger<WaitingUploads> logger) : IDisposable
{
    private const int PageSize = 64;

    // What arrives meanwhile has its turn too.
    private const int AtOnce = 2;

    private static readonly TimeSpan FirstPause = PublishedFiles.Rest;
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    // WhatsApp keeps files for about as long.
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(14);

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    /// <summary>Begins; <see cref="StopAsync"/> ends it.</summary>
    public void Start() => running = arrived.IsWanted ? Task.Run(RunAsync) : Task.CompletedTask;

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    await PutDueAsync();
                }
                catch (StorageUnavailableException e)
                {
                    MediaLog.WaitingNotRead(logger, e.Message);
                }

                await Task.Delay(PublishedFiles.Rest, time, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }

    // Each one that is tried leaves the queue or waits: this comes to an end.
    private async Task PutDueAsync()
    {
        while (!published.IsResting && await queue.FindDueAsync(time.GetUtcNow(), PageSize, stopping.Token) is { Count: > 0 } due)
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping.Token }, TryAsync);
    }

    private async ValueTask TryAsync(WaitingFile file, CancellationToken cancellationToken)
    {
        if (published.IsResting)
            return;
        var instance = instances.FindById(file.InstanceId);
        if (instance is null || await published.PutWaitingAsync(instance, file, cancellationToken))
        {
            await queue.RemoveAsync(file, cancellationToken);
            return;
        }

        var now = time.GetUtcNow();
        if (now - DateTimeOffset.FromUnixTimeMilliseconds(file.CreatedAt) < GivenUpAfter)
        {
            var pause = FirstPause * Math.Pow(2, Math.Min(file.Tries, 20));
            await queue.PostponeAsync(file, now + (pause < LongestPause ? pause : LongestPause), cancellationToken);
            return;
        }

        MediaLog.PutGivenUp(logger, instance.Name, file.KeyId, GivenUpAfter.TotalDays);
        await queue.RemoveAsync(file, cancellationToken);
    }
}
