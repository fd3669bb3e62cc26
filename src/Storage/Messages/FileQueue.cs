using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>The messages whose files are still to be put into the object store, of all instances. <see cref="AwaitFile"/> fills it, <see cref="MessageStore.NoteFileAsync"/> empties it.</summary>
public sealed class FileQueue(SqliteDatabase database)
{
    /// <summary>How many messages may wait. Further ones are left to whoever delivers their events.</summary>
    public const int Capacity = 100_000;

    /// <summary>Those whose turn it is, the longest waiting first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<WaitingFile>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<WaitingFile>>(
            sql => sql.Query(
                """
                SELECT w.message_id, w.instance_id, m.key_id, m.remote_jid, w.tries, w.created_at
                FROM waiting_files w JOIN messages m ON m.id = w.message_id
                WHERE w.next_try_at <= @1 ORDER BY w.next_try_at LIMIT @2
                """,
                reader => new WaitingFile(
                    reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetInt64(5)),
                now.ToUnixTimeMilliseconds(), limit),
            ct);

    /// <summary>Counts a try in vain.</summary>
    /// <param name="file">The message.</param>
    /// <param name="until">When it has its turn again.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task PostponeAsync(WaitingFile file, DateTimeOffset until, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        return database.WriteAsync(
            transaction => transaction.Sql.Execute(
                "UPDATE waiting_files SET tries = tries + 1, next_try_at = @3 WHERE message_id = @1 AND instance_id = @2",
                file.MessageId, file.InstanceId, until.ToUnixTimeMilliseconds()),
            ct);
    }

    /// <summary>Takes a message out whose file is not put any more.</summary>
    /// <param name="file">The message.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task RemoveAsync(WaitingFile file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        return database.WriteAsync(transaction => Remove(transaction, file.InstanceId, file.MessageId), ct);
    }

    /// <inheritdoc cref="AwaitFile"/>
    internal static void Add(WriteTransaction transaction, string instanceId, string messageId, long now) => transaction.Sql.Execute(
        """
        INSERT INTO waiting_files (message_id, instance_id, tries, next_try_at, created_at)
        SELECT @1, @2, 0, @3, @3 WHERE (SELECT COUNT(*) FROM waiting_files) < @4
        ON CONFLICT (message_id) DO NOTHING
        """,
        messageId, instanceId, now, Capacity);

    internal static int Remove(WriteTransaction transaction, string instanceId, string messageId) =>
        transaction.Sql.Execute("DELETE FROM waiting_files WHERE message_id = @1 AND instance_id = @2", messageId, instanceId);
}
