using System.Collections.Concurrent;
using Evolution.Storage.Dialects;

namespace Evolution.Storage.Database;

/// <summary>A few connections for reading, opened when first needed. A read sees everything committed before it started.</summary>
internal sealed class ReadPool(SqliteDatabaseOptions options) : IDisposable
{
    private readonly SemaphoreSlim free = new(options.ReadConnections);
    private readonly ConcurrentBag<SqlSession> idle = [];
    private volatile bool disposed;

    /// <summary>Reads on a connection of the pool. The statements run on the calling thread.</summary>
    /// <exception cref="StorageUnavailableException">The database can't be read, or no connection became free in time.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!await free.WaitAsync(options.QueueTimeout, ct).ConfigureAwait(false))
            throw new StorageUnavailableException(StorageFailure.Overloaded);

        SqlSession? session = null;
        try
        {
            if (!idle.TryTake(out session))
                session = new SqlSession(SqliteDialect.OpenReader(options.Path, options.BusyTimeout));
            return read(session);
        }
        catch (Exception e) when (SqliteDialect.FailureOf(e) is { } failure)
        {
            session?.Dispose();
            session = null;
            throw new StorageUnavailableException(failure, e);
        }
        finally
        {
            Return(session);
            free.Release();
        }
    }

    public void Dispose()
    {
        disposed = true;
        while (idle.TryTake(out var session))
            session.Dispose();
    }

    private void Return(SqlSession? session)
    {
        if (session is null)
            return;
        idle.Add(session);
        if (disposed)
            Dispose();
    }
}
