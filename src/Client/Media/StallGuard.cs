namespace Evolution.Client.Media;

/// <summary>Ends a transfer that makes no progress, however long one that does may take.</summary>
internal sealed class StallGuard : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stalled;
    private readonly CancellationTokenSource either;

    public StallGuard(TimeProvider time, CancellationToken ct)
    {
        stalled = new CancellationTokenSource(Patience, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(ct, stalled.Token);
    }

    /// <summary>Ends with the caller's token, and half a minute after the last progress.</summary>
    public CancellationToken Token => either.Token;

    public void Progress() => stalled.CancelAfter(Patience);

    public void Dispose()
    {
        either.Dispose();
        stalled.Dispose();
    }
}
