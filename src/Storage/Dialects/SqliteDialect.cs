using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Evolution.Storage.Dialects;

/// <summary>What only SQLite understands: how connections are opened and prepared, how transactions begin, what its error numbers mean.</summary>
internal static class SqliteDialect
{
    public const string Begin = "BEGIN IMMEDIATE";
    public const string Commit = "COMMIT";
    public const string OpenSavepoint = "SAVEPOINT one_set";
    public const string ReleaseSavepoint = "RELEASE one_set";
    public const string RollbackToSavepoint = "ROLLBACK TO one_set";

    // Result codes of https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int OutOfMemory = 7;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CantOpen = 14;
    private const int Protocol = 15;
    private const int NotADatabase = 26;

    /// <summary>The connection string of a file. Connections are kept by us, so the provider's pool is off.</summary>
    public static string ConnectionString(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        Pooling = false,
        ForeignKeys = true,
        // The provider polls on a busy database until this runs out; busy_timeout below is the real limit, so keep it at the smallest.
        DefaultTimeout = 1,
    }.ToString();

    /// <summary>Opens the connection all writes go through.</summary>
    public static SqliteConnection OpenWriter(string path, TimeSpan busyTimeout)
    {
        var connection = Open(path, busyTimeout);
        try
        {
            // FULL: a commit is on the disk when it returns, also in WAL mode. The larger checkpoint distance halves the writes of hot pages.
            Run(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that can only read.</summary>
    public static SqliteConnection OpenReader(string path, TimeSpan busyTimeout)
    {
        var connection = Open(path, busyTimeout);
        try
        {
            Run(connection, "PRAGMA query_only=ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Limits the file's size in pages of 4 KiB; SQLite takes no limit below the present size.</summary>
    public static void LimitPages(SqliteConnection connection, long pages) =>
        Run(connection, "PRAGMA max_page_count=" + pages.ToString(CultureInfo.InvariantCulture));

    /// <summary>What an error says about the database as a whole; null when it is the statement's own fault.</summary>
    public static StorageFailure? FailureOf(Exception exception) => exception is not SqliteException e ? null : e.SqliteErrorCode switch
    {
        Full => StorageFailure.Full,
        Busy or Locked or Protocol => StorageFailure.Locked,
        OutOfMemory or ReadOnly or IoError or Corrupt or CantOpen or NotADatabase => StorageFailure.Unreadable,
        _ => null,
    };

    private static SqliteConnection Open(string path, TimeSpan busyTimeout)
    {
        var connection = new SqliteConnection(ConnectionString(path));
        try
        {
            connection.Open();
            Run(connection, "PRAGMA busy_timeout=" + ((long)busyTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Run(SqliteConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only constants and numbers come here.
        command.CommandText = pragmas;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
