using Dapper;
using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>Finds messages. They are written as attached writes, with what belongs to them.</summary>
public sealed class MessageStore(SqliteDatabase database)
{
    internal const string Columns =
        "m.id, m.key_id, m.remote_jid, m.remote_jid_alt, m.remote_lid, m.from_me, m.participant, m.participant_alt, m.participant_lid, "
        + "m.addressing_mode, m.key_extra, m.push_name, m.message_type, m.message, m.context_info, m.source, m.message_timestamp, m.status, "
        + "m.is_placeholder, (SELECT f.object_name FROM media_files f WHERE f.message_id = m.id) AS media_object";

    /// <summary>A page of the messages that match, newest first.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="filter">Which messages.</param>
    /// <param name="page">1 for the first.</param>
    /// <param name="pageSize">At least 1.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<MessagePage> FindAsync(string instanceId, MessageFilter filter, int page, int pageSize, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        var where = new Conditions()
            .And(true, "m.instance_id = @instanceId")
            .And(filter.Id is not null, "m.id = @Id")
            .And(filter.KeyId is not null, "m.key_id = @KeyId")
            .And(filter.FromMe is not null, "m.from_me = @FromMe")
            .And(filter.RemoteJid is not null, "m.canonical_chat = @chat")
            .And(filter.Participant is not null, "m.canonical_sender = @sender AND m.participant <> ''")
            .And(filter.MessageType is not null, "m.message_type = @MessageType")
            .And(filter.Source is not null, "m.source = @Source")
            .And(filter.From is not null, "m.message_timestamp >= @From")
            .And(filter.To is not null, "m.message_timestamp <= @To");
        return database.ReadAsync(
            sql =>
            {
                var values = new
                {
                    instanceId,
                    filter.Id,
                    filter.KeyId,
                    filter.FromMe,
                    chat = Canonical(sql, instanceId, filter.RemoteJid),
                    sender = Canonical(sql, instanceId, filter.Participant),
                    filter.MessageType,
                    filter.Source,
                    filter.From,
                    filter.To,
                    pageSize,
                    offset = (long)(page - 1) * pageSize,
                };
                var total = sql.Connection.ExecuteScalar<long>($"SELECT COUNT(*) FROM messages m{where}", values);
                var rows = sql.Connection.Query<MessageRow>(
                    $"SELECT {Columns} FROM messages m{where} ORDER BY m.message_timestamp DESC, m.seq DESC LIMIT @pageSize OFFSET @offset", values).AsList();
                return new MessagePage(total, rows, UpdatesOf(sql, rows));
            },
            ct);
    }

    /// <summary>The message with this WhatsApp id, the newest if there are several; null when there is none.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="keyId">WhatsApp's id.</param>
    /// <param name="remoteJid">The chat, in either form; null for any.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<MessageRow?> FindByKeyAsync(string instanceId, string keyId, string? remoteJid, CancellationToken ct) => database.ReadAsync(
        sql => sql.Connection.QueryFirstOrDefault<MessageRow>(
            $"""
            SELECT {Columns} FROM messages m
            WHERE m.instance_id = @instanceId AND m.key_id = @keyId AND (@chat IS NULL OR m.canonical_chat = @chat) ORDER BY m.seq DESC LIMIT 1
            """,
            new { instanceId, keyId, chat = Canonical(sql, instanceId, remoteJid) }),
        ct);

    /// <summary>Those of WhatsApp's ids under which the instance has a message. One that could not be read yet is none.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="keyIds">WhatsApp's ids.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<IReadOnlySet<string>> FindKnownAsync(string instanceId, IReadOnlyCollection<string> keyIds, CancellationToken ct) =>
        database.ReadAsync<IReadOnlySet<string>>(
            sql => keyIds.Where(id => sql.Scalar(
                "SELECT 1 FROM messages WHERE instance_id = @1 AND key_id = @2 AND is_placeholder = 0 LIMIT 1", instanceId, id) is not null).ToHashSet(StringComparer.Ordinal),
            ct);

    /// <summary>Notes that the file of a message lies in the object store, and no longer has to be put there. Without the message nothing is noted.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="messageId">The message's row.</param>
    /// <param name="file">The file.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task NoteFileAsync(string instanceId, string messageId, MediaFile file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        var now = database.Now();
        return database.WriteAsync(
            transaction =>
            {
                FileQueue.Remove(transaction, instanceId, messageId);
                return transaction.Sql.Execute(
                    """
                    INSERT INTO media_files (message_id, instance_id, id, object_name, media_type, mimetype, created_at)
                    SELECT id, instance_id, @3, @4, @5, @6, @7 FROM messages WHERE id = @2 AND instance_id = @1
                    ON CONFLICT (message_id) DO UPDATE SET object_name = excluded.object_name, media_type = excluded.media_type, mimetype = excluded.mimetype
                    """,
                    instanceId, messageId, RowId.New(now), file.ObjectName, file.MediaType, file.Mimetype, now);
            },
            ct);
    }

    /// <summary>A page of what happened to messages after they were stored, newest first.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="remoteJid">The chat, in either form; null for any.</param>
    /// <param name="keyId">WhatsApp's id of the message; null for any.</param>
    /// <param name="page">1 for the first.</param>
    /// <param name="pageSize">At least 1.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<MessageUpdateRow>> FindUpdatesAsync(
        string instanceId, string? remoteJid, string? keyId, int page, int pageSize, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return database.ReadAsync<IReadOnlyList<MessageUpdateRow>>(
            sql => sql.Connection.Query<MessageUpdateRow>(
                """
                SELECT u.id, u.key_id, u.remote_jid, u.from_me, u.participant, u.status, u.message_id
                FROM message_updates u JOIN messages m ON m.id = u.message_id
                WHERE u.instance_id = @instanceId AND (@keyId IS NULL OR u.key_id = @keyId) AND (@chat IS NULL OR m.canonical_chat = @chat)
                ORDER BY u.seq DESC LIMIT @pageSize OFFSET @offset
                """,
                new { instanceId, keyId, chat = Canonical(sql, instanceId, remoteJid), pageSize, offset = (long)(page - 1) * pageSize }).AsList(),
            ct);
    }

    private static string? Canonical(SqlSession sql, string instanceId, string? jid) =>
        jid is null ? null : CanonicalAddresses.Of(sql, instanceId, jid);

    private static Dictionary<string, IReadOnlyList<MessageUpdate>> UpdatesOf(SqlSession sql, List<MessageRow> messages)
    {
        var updates = new Dictionary<string, IReadOnlyList<MessageUpdate>>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            var statuses = sql.Query(
                "SELECT status FROM message_updates WHERE message_id = @1 ORDER BY seq", reader => (MessageUpdate)reader.GetInt32(0), message.Id);
            if (statuses.Count > 0)
                updates.Add(message.Id, statuses);
        }

        return updates;
    }
}
