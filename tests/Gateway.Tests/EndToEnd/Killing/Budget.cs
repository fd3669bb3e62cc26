namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>How many messages a direction may send now: the traffic is spread over the kills, so that each one finds some under way.</summary>
internal sealed class Budget : IDisposable
{
    private readonly SemaphoreSlim _permits = new(0);
    private readonly CancellationTokenSource _closed = new();

    public int Left => _permits.CurrentCount;

    public void Allow(int messages) => _permits.Release(messages);

    /// <summary>No more permits will come; those that are left may be taken.</summary>
    public void Close() => _closed.Cancel();

    /// <summary>Waits for a permit; false when there will be none.</summary>
    public async Task<bool> TakeAsync()
    {
        if (_permits.Wait(0))
            return true;
        try
        {
            await _permits.WaitAsync(_closed.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _permits.Dispose();
        _closed.Dispose();
    }
}
