namespace Evolution.Client.Connection;

/// <summary>The server's clock, as far as the server has told us its time.</summary>
internal sealed class ServerClock(TimeProvider time)
{
    private long offsetTicks;

    /// <summary>The time by the server's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow().AddTicks(Interlocked.Read(ref offsetTicks));

    /// <summary>Sets the clock from a stanza's <c>t</c>.</summary>
    public void Observe(DateTimeOffset? serverTime)
    {
        if (serverTime is { } t && t > DateTimeOffset.UnixEpoch)
            Interlocked.Exchange(ref offsetTicks, (t - time.GetUtcNow()).Ticks);
    }
}
