using Microsoft.Extensions.Logging;

namespace Evolution.Storage.Database;

/// <summary>
/// Tells the log of an outage when it begins, when its cause changes, once a minute, and when it is over. Each caller hears of its own refusal; were
/// the log to hear of each as well, it would drown. While the disk is full small sets still find room, so one success is no recovery.
/// </summary>
internal sealed class OutageLog(TimeProvider time, ILogger logger)
{
    /// <summary>How often an outage that lasts is repeated.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(1);

    /// <summary>How long nothing must have been refused before the outage is over.</summary>
    public static readonly TimeSpan OverAfter = TimeSpan.FromSeconds(10);

    private StorageFailure? current;
    private long loggedAt;
    private long refusedAt;
    private int refused;

    public void Refused(StorageFailure failure, int sets, Exception cause)
    {
        refusedAt = time.GetTimestamp();
        refused += sets;
        if (current == failure && time.GetElapsedTime(loggedAt) < RepeatAfter)
            return;
        logger.Unavailable(failure, refused, cause);
        current = failure;
        loggedAt = refusedAt;
        refused = 0;
    }

    public void Written()
    {
        if (current is null || time.GetElapsedTime(refusedAt) < OverAfter)
            return;
        logger.Recovered();
        current = null;
        refused = 0;
    }
}
