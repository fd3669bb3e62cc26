using Microsoft.Data.Sqlite;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>What a gateway that has ended left in its database.</summary>
internal sealed class DatabaseAudit : IDisposable
{
    private readonly SqliteConnection _connection;

    public DatabaseAudit(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        _connection.Open();
    }

    public sealed record Row(string Id, string Chat, bool FromMe, string Content, int Status, bool IsPlaceholder);

    /// <summary>Every message, in the order in which they were stored.</summary>
    public List<Row> Messages() => Query(
        "SELECT key_id, remote_jid, from_me, message, status, is_placeholder FROM messages ORDER BY seq",
        row => new Row(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetString(3), row.GetInt32(4), row.GetBoolean(5)));

    /// <summary>The events that some subscriber still waits for, or never got.</summary>
    public List<string> Undelivered() => Query(
        "SELECT name FROM events e WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = e.id) OR EXISTS (SELECT 1 FROM dead_letters l WHERE l.event_id = e.id)",
        row => row.GetString(0));

    /// <summary>How many messages of ours wait for the server's ack.</summary>
    public long Unacknowledged() => Query("SELECT COUNT(*) FROM sent_messages WHERE acknowledged = 0", row => row.GetInt64(0))[0];

    public string Integrity() => Query("PRAGMA integrity_check", row => row.GetString(0))[0];

    public void Dispose() => _connection.Dispose();

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }
}
