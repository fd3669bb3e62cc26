using Evolution.Storage.Migrations;
using Evolution.Storage.Outbox;
using Microsoft.Extensions.Logging;

namespace Evolution.Storage.Database;

/// <summary>
/// The database of one gateway process: a file in WAL mode with full durability, one writer that groups commits, and a few readers.
/// A write that has returned survives a power cut.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private readonly GroupCommitWriter writer;
    private readonly ReadPool readers;

    private SqliteDatabase(SqliteDatabaseOptions options, TimeProvider time, ILogger logger)
    {
        Time = time;
        writer = new GroupCommitWriter(options, time, logger);
        readers = new ReadPool(options);
    }

    /// <summary>What the writer has done since the database was opened; also the meter <c>Evolution.Storage</c>.</summary>
    public WriterStatistics Statistics => writer.Statistics;

    /// <summary>
    /// Limits the file to this many pages of 4 KiB; null for no limit. Writes beyond it fail with <see cref="StorageFailure.Full"/> and nothing is
    /// half done. Takes effect with the next transaction; a limit below the present size acts as the present size.
    /// </summary>
    public long? MaxPages
    {
        get => writer.MaxPages;
        set => writer.MaxPages = value;
    }

    internal TimeProvider Time { get; }

    /// <summary>Makes the schedule hear of every delivery committed from the next transaction on. A database has one outbox.</summary>
    internal void Attach(DeliverySchedule schedule)
    {
        if (writer.Schedule is not null)
            throw new InvalidOperationException("This database has an outbox already.");
        writer.Schedule = schedule;
    }

    /// <summary>Opens the database, makes the file (mode 0600) when there is none, and applies the migrations that are missing.</summary>
    /// <exception cref="StorageUnavailableException">The file can't be opened or is locked.</exception>
    /// <exception cref="ForeignSchemaException">Another program has written this database.</exception>
    /// <exception cref="NewerSchemaException">A later release has written this database.</exception>
    public static async Task<SqliteDatabase> OpenAsync(SqliteDatabaseOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        DapperTypes.Register();
        var logger = loggers.CreateLogger("Evolution.Storage");
        await Task.Run(() => Schema.Update(options, logger), ct).ConfigureAwait(false);
        return new SqliteDatabase(options, time, logger);
    }

    /// <summary>Whether the database answers, for readiness checks. Never throws for a database that does not.</summary>
    public async ValueTask<bool> IsReadableAsync(CancellationToken ct)
    {
        try
        {
            return await ReadAsync(sql => sql.Scalar("SELECT COUNT(*) FROM instances WHERE id = @1", string.Empty) is not null, ct).ConfigureAwait(false);
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    /// <summary>
    /// The process is about to end: once a write has found the database locked by somebody else, those after it are refused at once, instead of waiting
    /// as long each. What is refused is not acknowledged, so nothing is lost.
    /// </summary>
    public void Hurry() => writer.Hurry();

    /// <summary>Writes what is queued and closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync().ConfigureAwait(false);
        readers.Dispose();
    }

    internal Task<T> WriteAsync<T>(Func<WriteTransaction, T> apply, CancellationToken ct) => writer.WriteAsync(apply, ct);

    internal Task WriteAsync(Action<WriteTransaction> apply, CancellationToken ct) => writer.WriteAsync(
        transaction =>
        {
            apply(transaction);
            return true;
        },
        ct);

    internal ValueTask<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken ct) => readers.ReadAsync(read, ct);

    /// <summary>The time as it is stored: milliseconds since 1970, UTC.</summary>
    internal long Now() => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
