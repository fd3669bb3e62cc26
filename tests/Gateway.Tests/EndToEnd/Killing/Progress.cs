namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>Counts messages that got through in one direction, and lets others wait for more.</summary>
internal sealed class Progress
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _news = NewSignal();

    public int Count { get; private set; }

    public void Add()
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            Count++;
            news = _news;
            _news = NewSignal();
        }

        news.SetResult();
    }

    /// <summary>Waits until so many more have got through; false when it takes too long.</summary>
    public async Task<bool> WaitForMoreAsync(int more, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var expired = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        expired.CancelAfter(limit);
        var goal = Count + more;
        while (true)
        {
            Task news;
            lock (_gate)
            {
                news = _news.Task;
                if (Count >= goal)
                    return true;
            }

            try
            {
                await news.WaitAsync(expired.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
