using Dapper;
using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>Finds chats. They are written as attached writes.</summary>
public sealed class ChatStore(SqliteDatabase database)
{
    private const string Columns = "c.id, c.remote_jid, c.name, c.labels, c.unread_messages, c.created_at, c.updated_at";

    /// <summary>The chats that have messages, the one with the newest message first.</summary>
    public ValueTask<IReadOnlyList<ChatSummary>> FindAsync(string instanceId, ChatFilter filter, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var where = new Conditions()
            .And(true, "c.instance_id = @instanceId AND c.last_message_seq IS NOT NULL")
            .And(filter.RemoteJid is not null, "c.canonical_chat = @chat")
            .And(filter.From is not null, "c.last_message_at >= @From")
            .And(filter.To is not null, "c.last_message_at <= @To");
        var query =
            $"""
            SELECT c.is_saved, {Columns}, p.id, p.remote_jid, p.push_name, p.profile_pic_url, p.created_at, p.updated_at, {MessageStore.Columns}
            FROM chats c
            JOIN messages m ON m.seq = c.last_message_seq
            LEFT JOIN contacts p ON p.instance_id = c.instance_id AND p.canonical_jid = c.canonical_chat
            {where} ORDER BY c.last_message_at DESC, c.last_message_seq DESC LIMIT @take OFFSET @Skip
            """;
        return database.ReadAsync<IReadOnlyList<ChatSummary>>(
            sql => sql.Connection.Query<long, ChatRow, ContactRow?, MessageRow, ChatSummary>(
                query,
                (isSaved, chat, contact, message) => new ChatSummary
                {
                    RemoteJid = chat.RemoteJid,
                    Chat = isSaved == 0 ? null : chat,
                    Contact = contact,
                    LastMessage = message,
                },
                new
                {
                    instanceId,
                    chat = filter.RemoteJid is null ? null : CanonicalAddresses.Of(sql, instanceId, filter.RemoteJid),
                    filter.From,
                    filter.To,
                    take = filter.Take ?? int.MaxValue,
                    filter.Skip,
                },
                splitOn: "id,id,id").AsList(),
            ct);
    }

    /// <summary>After how many seconds messages in the chat disappear, as last noted; null when they stay, or nothing is known.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="remoteJid">The chat, by either form of its JID.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<long?> FindTimerAsync(string instanceId, string remoteJid, CancellationToken ct) => database.ReadAsync(
        sql => sql.Scalar(
            "SELECT expiration_seconds FROM chats WHERE instance_id = @1 AND canonical_chat = @2",
            instanceId, CanonicalAddresses.Of(sql, instanceId, remoteJid)) as long?,
        ct);

    /// <summary>Notes that the account has read messages of others, and with them what came before. Those that are not stored change nothing.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="remoteJid">Their chat, by either form of its JID.</param>
    /// <param name="keyIds">WhatsApp's ids of them.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task NoteReadAsync(string instanceId, string remoteJid, IReadOnlyCollection<string> keyIds, CancellationToken ct) => database.WriteAsync(
        transaction =>
        {
            var chat = CanonicalAddresses.Of(transaction.Sql, instanceId, remoteJid);
            foreach (var keyId in keyIds)
            {
                if (transaction.Sql.Scalar(
                    "SELECT seq FROM messages WHERE instance_id = @1 AND key_id = @2 AND canonical_chat = @3 AND from_me = 0", instanceId, keyId, chat) is long seq)
                    ChatRows.Read(transaction.Sql, instanceId, chat, seq);
            }
        },
        ct);

    /// <summary>Those of these chats that are stored, as they were asked for: by either form of their JIDs.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="remoteJids">The chats.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<IReadOnlySet<string>> FindKnownAsync(string instanceId, IReadOnlyCollection<string> remoteJids, CancellationToken ct) =>
        database.ReadAsync<IReadOnlySet<string>>(
            sql => remoteJids.Where(jid => sql.Scalar(
                "SELECT 1 FROM chats WHERE instance_id = @1 AND canonical_chat = @2 AND is_saved = 1",
                instanceId, CanonicalAddresses.Of(sql, instanceId, jid)) is not null).ToHashSet(StringComparer.Ordinal),
            ct);

    /// <summary>A stored chat, by either form of its JID; null when there is none.</summary>
    public ValueTask<ChatRow?> FindByRemoteJidAsync(string instanceId, string remoteJid, CancellationToken ct) => database.ReadAsync(
        sql => sql.Connection.QueryFirstOrDefault<ChatRow>(
            $"SELECT {Columns} FROM chats c WHERE c.instance_id = @instanceId AND c.canonical_chat = @chat AND c.is_saved = 1",
            new { instanceId, chat = CanonicalAddresses.Of(sql, instanceId, remoteJid) }),
        ct);
}
