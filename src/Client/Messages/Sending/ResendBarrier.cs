namespace Evolution.Client.Messages.Sending;

/// <summary>
/// After a reconnect, what the server never acknowledged leaves first. New messages wait for that, so that none overtakes an older one of its
/// chat; and what was meant for a connection that is gone is left to the resending on the present one.
/// </summary>
internal sealed class ResendBarrier(TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private TaskCompletionSource opened = Completed();
    private TaskCompletionSource leftBehind = NewSignal();
    private long connection;

    /// <summary>A new connection is about to be open.</summary>
    public void Close()
    {
        lock (gate)
        {
            connection++;
            if (opened.Task.IsCompleted)
                opened = NewSignal();
        }
    }

    /// <summary>Nothing older is left to send.</summary>
    public void Open()
    {
        lock (gate)
            opened.TrySetResult();
    }

    /// <summary>Waits until nothing older is left to send.</summary>
    /// <returns>The number of the connection that the message may leave on.</returns>
    /// <exception cref="TimeoutException">It took more than half a minute.</exception>
    public async ValueTask<long> PassAsync(CancellationToken ct)
    {
        while (true)
        {
            Task open;
            lock (gate)
            {
                if (opened.Task.IsCompleted)
                    return connection;
                open = opened.Task;
            }

            await open.WaitAsync(Limit, time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>The number of the present connection.</summary>
    public long Current
    {
        get
        {
            lock (gate)
                return connection;
        }
    }

    /// <summary>A committed message did not leave.</summary>
    public void LeaveBehind()
    {
        lock (gate)
            leftBehind.TrySetResult();
    }

    /// <summary>Ends when a committed message does not leave; take it before looking for those that did not.</summary>
    public Task NextLeftBehind()
    {
        lock (gate)
        {
            if (leftBehind.Task.IsCompleted)
                leftBehind = NewSignal();
            return leftBehind.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Completed()
    {
        var signal = NewSignal();
        signal.SetResult();
        return signal;
    }
}
