using System.Collections.Concurrent;
using System.Diagnostics;
using Evolution.Storage.Dialects;
using Evolution.Storage.Outbox;
using Microsoft.Extensions.Logging;

namespace Evolution.Storage.Database;

/// <summary>
/// The one writer: a thread of its own that takes write sets from a bounded queue, puts many into one transaction, each under a savepoint so that a
/// bad one fails alone, and answers their callers after the commit. When the database is unavailable the whole transaction is undone, its
/// callers are told, and the next sets are tried on a fresh connection.
/// </summary>
internal sealed class GroupCommitWriter : IAsyncDisposable
{
    private const int MaxSetsPerCommit = 256;

    private readonly SqliteDatabaseOptions options;
    private readonly ILogger logger;
    private readonly OutageLog outages;
    private volatile bool hurrying;
    private Exception? gaveUp;
    private readonly ConcurrentQueue<WriteRequest> queue = new();
    private readonly SemaphoreSlim room;
    private readonly SemaphoreSlim waiting = new(0);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GatherPolicy gather = new();
    private SqlSession? session;
    private long? appliedMaxPages;
    private long lastCommitAt = Stopwatch.GetTimestamp();
    private long commits;
    private long sets;
    private long failedCommits;
    private volatile bool stopping;
    private volatile bool closed;

    public GroupCommitWriter(SqliteDatabaseOptions options, TimeProvider time, ILogger logger)
    {
        this.options = options;
        this.logger = logger;
        outages = new OutageLog(time, logger);
        room = new SemaphoreSlim(options.QueueCapacity);
        new Thread(Run) { Name = "storage writer", IsBackground = true }.Start();
    }

    /// <summary>The size limit in pages, or null; takes effect with the next transaction.</summary>
    public long? MaxPages { get; set; }

    /// <summary>Who hears of committed deliveries.</summary>
    public DeliverySchedule? Schedule { get; set; }

    public WriterStatistics Statistics =>
        new(Interlocked.Read(ref commits), Interlocked.Read(ref sets), Interlocked.Read(ref failedCommits));

    /// <summary>Queues a write set; completes after its commit.</summary>
    /// <param name="apply">Statements only: no waiting, no computation. It may run at most once.</param>
    /// <param name="ct">Gives up while the set still waits; once it is taken, the outcome is awaited.</param>
    /// <exception cref="StorageUnavailableException">Nothing of the set was written.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteTransaction, T> apply, CancellationToken ct)
    {
        if (stopping)
            throw new StorageUnavailableException(StorageFailure.Closed);
        if (!await room.WaitAsync(options.QueueTimeout, ct).ConfigureAwait(false))
            throw new StorageUnavailableException(StorageFailure.Overloaded);

        var request = new WriteRequest<T>(apply);
        queue.Enqueue(request);
        waiting.Release();
        if (closed && request.TryTake())
            throw new StorageUnavailableException(StorageFailure.Closed);

        using (ct.UnsafeRegister(static (r, token) => ((WriteRequest<T>)r!).Cancel(token), request))
            return await request.Completion.ConfigureAwait(false);
    }

    /// <inheritdoc cref="SqliteDatabase.Hurry"/>
    public void Hurry() => hurrying = true;

    /// <summary>Writes what is queued, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!stopping)
        {
            stopping = true;
            waiting.Release();
        }

        await ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var batch = new List<WriteRequest>(MaxSetsPerCommit);
        try
        {
            while (true)
            {
                if (stopping && queue.IsEmpty)
                    break;
                waiting.Wait();
                if (!TryDequeue(batch))
                    continue;
                var waited = Gather(batch);
                Commit(batch);
                var now = Stopwatch.GetTimestamp();
                gather.Committed(batch.Count, Stopwatch.GetElapsedTime(lastCommitAt, now), waited);
                lastCommitAt = now;
                batch.Clear();
            }
        }
        finally
        {
            closed = true;
            while (queue.TryDequeue(out var left))
            {
                if (left.TryTake())
                    left.Fail(new StorageUnavailableException(StorageFailure.Closed));
            }

            CloseSession();
            ended.SetResult();
        }
    }

    private bool TryDequeue(List<WriteRequest> batch)
    {
        if (!queue.TryDequeue(out var request))
            return false;
        room.Release();
        batch.Add(request);
        return true;
    }

    private bool Gather(List<WriteRequest> batch)
    {
        while (batch.Count < MaxSetsPerCommit && waiting.Wait(0))
            TryDequeue(batch);
        if (stopping || batch.Count >= GatherPolicy.Target || !gather.IsWorthWaiting)
            return false;

        var before = batch.Count;
        var start = Stopwatch.GetTimestamp();
        while (!stopping && gather.NextWait(batch.Count, Stopwatch.GetElapsedTime(start)) is var wait && wait > TimeSpan.Zero)
        {
            if (!waiting.Wait((int)Math.Ceiling(wait.TotalMilliseconds)))
                break;
            TryDequeue(batch);
            while (batch.Count < MaxSetsPerCommit && waiting.Wait(0))
                TryDequeue(batch);
        }

        gather.Waited(batch.Count - before, before);
        return true;
    }

    private void Commit(List<WriteRequest> batch)
    {
        batch.RemoveAll(static request => !request.TryTake());
        if (batch.Count == 0)
            return;

        if (gaveUp is not null)
        {
            Refuse(batch, gaveUp);
            return;
        }

        var start = Stopwatch.GetTimestamp();
        WriteTransaction transaction;
        try
        {
            transaction = Write(batch);
        }
#pragma warning disable CA1031 // Whatever it is, the callers must hear of it and the writer must live on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (hurrying && SqliteDialect.FailureOf(e) == StorageFailure.Locked)
                gaveUp = e;
            Refuse(batch, e);
            return;
        }

        outages.Written();
        Count(batch.Count, Stopwatch.GetElapsedTime(start));
        try
        {
            transaction.RunAfterCommit();
        }
#pragma warning disable CA1031 // The data is durable: the callers must be told so.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.AfterCommitFailed(e);
        }

        foreach (var request in batch)
        {
            if (request.OwnFailure is { } failure)
                request.Fail(failure);
            else
                request.Succeed();
        }
    }

    private WriteTransaction Write(List<WriteRequest> batch)
    {
        var sql = session ??= new SqlSession(SqliteDialect.OpenWriter(options.Path, options.BusyTimeout));
        ApplySizeLimit(sql);
        sql.Execute(SqliteDialect.Begin);
        var transaction = new WriteTransaction(sql, Schedule);
        foreach (var request in batch)
        {
            var mark = transaction.Mark();
            sql.Execute(SqliteDialect.OpenSavepoint);
            try
            {
                request.Apply(transaction);
                sql.Execute(SqliteDialect.ReleaseSavepoint);
            }
#pragma warning disable CA1031 // The set's own failure goes to its caller.
            catch (Exception e) when (SqliteDialect.FailureOf(e) is null)
#pragma warning restore CA1031
            {
                request.OwnFailure = e;
                transaction.BackTo(mark);
                sql.Execute(SqliteDialect.RollbackToSavepoint);
                sql.Execute(SqliteDialect.ReleaseSavepoint);
            }
        }

        sql.Execute(SqliteDialect.Commit);
        return transaction;
    }

    private void ApplySizeLimit(SqlSession sql)
    {
        var limit = MaxPages;
        if (limit == appliedMaxPages)
            return;
        SqliteDialect.LimitPages(sql.Connection, limit ?? uint.MaxValue - 1);
        appliedMaxPages = limit;
    }

    private void Refuse(List<WriteRequest> batch, Exception cause)
    {
        // Some failures have undone the transaction already, others left it open; a new connection is a clean start after either.
        CloseSession();
        var failure = SqliteDialect.FailureOf(cause) ?? StorageFailure.Unreadable;
        Interlocked.Increment(ref failedCommits);
        StorageMetrics.FailedCommits.Add(1);
        outages.Refused(failure, batch.Count, cause);
        foreach (var request in batch)
            request.Fail(new StorageUnavailableException(failure, cause));
    }

    private void Count(int batch, TimeSpan duration)
    {
        Interlocked.Increment(ref commits);
        Interlocked.Add(ref sets, batch);
        StorageMetrics.Commits.Add(1);
        StorageMetrics.Sets.Add(batch);
        StorageMetrics.SetsPerCommit.Record(batch);
        StorageMetrics.CommitDuration.Record(duration.TotalSeconds);
    }

    private void CloseSession()
    {
        if (session is null)
            return;
        try
        {
            session.Dispose();
        }
#pragma warning disable CA1031 // A connection that can't be closed is given up; the operating system has the last word.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.CloseFailed(e);
        }

        session = null;
        appliedMaxPages = null;
    }
}
