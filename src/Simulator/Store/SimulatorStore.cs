using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Evolution.Simulator.Store;

/// <summary>
/// The simulator's own SQLite file. One loop writes; whatever waits while a commit runs goes into the next one together, so that a
/// thousand messages a second cost a few dozen commits. The journal is flushed at checkpoints only (synchronous=NORMAL): a killed process
/// loses nothing that was committed, and the file stays consistent over a power cut.
/// </summary>
internal sealed class SimulatorStore : IAsyncDisposable
{
    private const int MaxBatch = 512;

    private readonly record struct Job(Writes Writes, TaskCompletionSource Done);

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly FileStream _claim;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);
    private readonly Channel<Job> _jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly ILogger _log;
    private readonly Task _loop;

    private SimulatorStore(string connectionString, SqliteConnection writer, FileStream claim, ILogger log)
    {
        _claim = claim;
        _connectionString = connectionString;
        _writer = writer;
        _log = log;
        _loop = Task.Run(RunAsync);
    }

    public static SimulatorStore Open(string dataDir, ILogger log)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(dataDir);
        else
            Directory.CreateDirectory(dataDir, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var claim = Claim(Path.Combine(dataDir, "simulator.lock"));
        var path = Path.Combine(dataDir, "simulator.db");
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 }.ToString();
        var writer = new SqliteConnection(connectionString);
        writer.Open();
        foreach (var sql in Schema.Statements)
        {
            using var command = writer.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new SimulatorStore(connectionString, writer, claim, log);
    }

    /// <summary>Hands the rows to the writer and returns; the task ends when they are committed. Waits only while the writer is far behind.</summary>
    public async ValueTask<Task> SubmitAsync(Writes writes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _jobs.Writer.WriteAsync(new Job(writes, done)).ConfigureAwait(false);
        return done.Task;
    }

    /// <summary>Commits the rows; on return they survive a kill.</summary>
    public async Task CommitAsync(Writes writes)
    {
        var committed = await SubmitAsync(writes).ConfigureAwait(false);
        await committed.ConfigureAwait(false);
    }

    /// <summary>Reads with a connection of its own; never waits for the writer.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params object?[] values)
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Bind(command, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        foreach (var statement in _statements.Values)
            await statement.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        var pooled = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(pooled);
        await pooled.DisposeAsync().ConfigureAwait(false);
        await _claim.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Two simulators on one file would each think they own the ratchets; the operating system frees the claim of a killed one.</summary>
    private static FileStream Claim(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException("Another simulator uses this data folder.", e);
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<Job>();
        while (await _jobs.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _jobs.Reader.TryRead(out var job))
                batch.Add(job);
            Commit(batch);
        }
    }

    private void Commit(List<Job> batch)
    {
        try
        {
            using var transaction = _writer.BeginTransaction();
            foreach (var job in batch)
            {
                foreach (var row in job.Writes.Rows)
                    Execute(row, transaction);
            }

            transaction.Commit();
        }
        catch (Exception e) when (batch.Count > 1)
        {
            // One bad set must not take its neighbours along: each gets a transaction of its own.
            StoreLog.BatchFailed(_log, batch.Count, e);
            foreach (var job in batch)
                Commit([job]);
            return;
        }
        catch (Exception e)
        {
            // Whatever it was, the loop must go on: who waits for this commit is told.
            StoreLog.CommitFailed(_log, e);
            batch[0].Done.SetException(e);
            return;
        }

        foreach (var job in batch)
        {
            foreach (var action in job.Writes.Actions)
                action();
            job.Done.SetResult();
        }
    }

    private void Execute(Writes.Row row, SqliteTransaction transaction)
    {
        if (!_statements.TryGetValue(row.Sql, out var command))
        {
            command = _writer.CreateCommand();
            command.CommandText = row.Sql;
            _statements.Add(row.Sql, command);
        }

        command.Transaction = transaction;
        Bind(command, row.Values);
        command.ExecuteNonQuery();
    }

    private static void Bind(SqliteCommand command, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (command.Parameters.Count <= i)
                command.Parameters.AddWithValue("?" + (i + 1), values[i] ?? DBNull.Value);
            else
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
