namespace Evolution.Storage.Database;

/// <summary>
/// Decides how long a commit waits for company. While few sets arrive it never does. When many arrive, a flush is worth sharing: the writer
/// gathers until <see cref="Target"/> sets are there, <see cref="MaxDelay"/> has passed, or the stream pauses. Callers that
/// write one after the other never profit from waiting; the policy notices that waits gain nothing and only tries again now and then.
/// </summary>
internal sealed class GatherPolicy
{
    /// <summary>Sets that make a flush worth its price.</summary>
    public const int Target = 16;

    /// <summary>The most a set waits for others.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(12);

    private const double BusySetsPerSecond = 300;
    private const double LeastGain = 0.5;
    private const int ProbeEvery = 16;
    private static readonly TimeSpan Memory = TimeSpan.FromMilliseconds(200);
    private double setsPerSecond;
    private double gain = 1;
    private int flushesWithoutWait;

    /// <summary>Whether the next commit should wait at all.</summary>
    public bool IsWorthWaiting => setsPerSecond >= BusySetsPerSecond && (gain >= LeastGain || flushesWithoutWait >= ProbeEvery);

    /// <summary>How long to wait for the next set; zero to commit now.</summary>
    public TimeSpan NextWait(int gathered, TimeSpan elapsed)
    {
        if (gathered >= Target || elapsed >= MaxDelay)
            return TimeSpan.Zero;
        // A pause of four mean gaps says that the burst is over; below four milliseconds the scheduler makes pauses of its own.
        var pause = TimeSpan.FromSeconds(Math.Max(4 / Math.Max(setsPerSecond, BusySetsPerSecond), 0.004));
        var left = MaxDelay - elapsed;
        return pause < left ? pause : left;
    }

    /// <summary>Tells what came of waiting.</summary>
    /// <param name="gained">Sets that arrived while the commit waited.</param>
    /// <param name="before">Sets that were there when it began to wait, fewer than <see cref="Target"/>.</param>
    public void Waited(int gained, int before)
    {
        gain += (Math.Min(1, (double)gained / (Target - before)) - gain) / 8;
        flushesWithoutWait = 0;
    }

    /// <summary>Tells of a commit.</summary>
    /// <param name="sets">Sets in it.</param>
    /// <param name="interval">Time since the commit before.</param>
    /// <param name="waited">Whether it waited for company.</param>
    public void Committed(int sets, TimeSpan interval, bool waited)
    {
        var seconds = Math.Max(interval.TotalSeconds, 0.0001);
        var weight = 1 - Math.Exp(-seconds / Memory.TotalSeconds);
        setsPerSecond += weight * ((sets / seconds) - setsPerSecond);
        if (!waited)
            flushesWithoutWait++;
    }
}
