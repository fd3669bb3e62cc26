namespace Evolution.Interop.Tests;

/// <summary>What somebody told so far; who waits for something also finds what has already come.</summary>
/// <param name="owner">Who tells, for failure messages.</param>
/// <param name="show">How an entry looks in a failure message.</param>
internal sealed class EventLog<T>(string owner, Func<T, string?>? show = null)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly List<T> _entries = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _news = NewSignal();

    /// <summary>How many entries there are.</summary>
    public int Position
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Ends with the next entry; take it before looking.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
                return _news.Task;
        }
    }

    /// <summary>The entries from a position on.</summary>
    public IReadOnlyList<T> Since(int position)
    {
        lock (_gate)
            return [.. _entries.Skip(position)];
    }

    public void Add(T entry)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            _entries.Add(entry);
            news = _news;
            _news = NewSignal();
        }

        news.SetResult();
    }

    /// <summary>The first entry from a position on that fits, waiting for it if need be.</summary>
    /// <exception cref="TimeoutException">None came within 30 s; the message shows what did.</exception>
    public async Task<T> WaitAsync(string what, Func<T, bool> fits, int after, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_limit);
        var next = after;
        while (true)
        {
            Task news;
            lock (_gate)
            {
                news = _news.Task;
                for (; next < _entries.Count; next++)
                {
                    if (fits(_entries[next]))
                        return _entries[next];
                }
            }

            try
            {
                await news.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException($"{owner}: no {what} within {s_limit.TotalSeconds} s. Since then:\n{Transcript(after)}", e);
            }
        }
    }

    private string Transcript(int after) => string.Join('\n', Since(after).TakeLast(60).Select(entry => show is null ? entry?.ToString() : show(entry)));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
