namespace Evolution.Storage.Database;

/// <summary>A caller's write set on its way through the writer.</summary>
internal abstract class WriteRequest
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Abandoned = 2;
    private int state;

    /// <summary>What the set itself did wrong; the rest of the transaction does not suffer from it.</summary>
    public Exception? OwnFailure { get; set; }

    /// <summary>Claims the request for the writer; false when its caller has given up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Waiting) == Waiting;

    /// <summary>Gives up; false when the writer was faster, so that the outcome must be awaited.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref state, Abandoned, Waiting) == Waiting;

    public abstract void Apply(WriteTransaction transaction);

    public abstract void Succeed();

    public abstract void Fail(Exception exception);
}

/// <summary>A write set with an answer.</summary>
internal sealed class WriteRequest<T>(Func<WriteTransaction, T> apply) : WriteRequest
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? answer;

    public Task<T> Completion => completion.Task;

    public override void Apply(WriteTransaction transaction) => answer = apply(transaction);

    public override void Succeed() => completion.TrySetResult(answer!);

    public override void Fail(Exception exception) => completion.TrySetException(exception);

    public void Cancel(CancellationToken ct)
    {
        if (TryAbandon())
            completion.TrySetCanceled(ct);
    }
}
