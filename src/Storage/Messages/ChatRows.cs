using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>The statements that write chats.</summary>
internal static class ChatRows
{
    /// <summary>Notes a new message in its chat. An older message, as history brings them, does not become the last one.</summary>
    public static void Follow(WriteTransaction transaction, string instanceId, InsertMessage write, string chat, long seq, long now) =>
        transaction.Sql.Execute(
            """
            INSERT INTO chats (id, instance_id, canonical_chat, remote_jid, name, unread_messages, is_saved, last_message_seq, last_message_at,
                created_at, updated_at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @10)
            ON CONFLICT (instance_id, canonical_chat) DO UPDATE SET
                name = COALESCE(chats.name, excluded.name),
                unread_messages = CASE WHEN @11 AND (chats.last_message_at IS NULL OR chats.last_message_at <= excluded.last_message_at) THEN 0
                    ELSE chats.unread_messages + excluded.unread_messages END,
                created_at = CASE WHEN chats.is_saved = 0 AND excluded.is_saved = 1 THEN excluded.created_at ELSE chats.created_at END,
                is_saved = CASE WHEN excluded.is_saved = 1 THEN 1 ELSE chats.is_saved END,
                last_message_seq = CASE WHEN chats.last_message_at > excluded.last_message_at THEN chats.last_message_seq
                    ELSE excluded.last_message_seq END,
                last_message_at = CASE WHEN chats.last_message_at > excluded.last_message_at THEN chats.last_message_at
                    ELSE excluded.last_message_at END,
                updated_at = excluded.updated_at
            """,
            RowId.New(now), instanceId, chat, write.Message.RemoteJid, write.ChatName, write.CountsAsUnread ? 1 : 0, write.SavesChat, seq,
            write.Message.MessageTimestamp, now, write.ReadsChat);

    /// <summary>A message was read, and with it what came before: only what others wrote after it can still be unread.</summary>
    public static void Read(SqlSession sql, string instanceId, string chat, long seq) => sql.Execute(
        """
        UPDATE chats SET unread_messages = MIN(unread_messages,
            (SELECT COUNT(*) FROM messages m JOIN messages r ON r.seq = @3
                WHERE m.instance_id = @1 AND m.canonical_chat = @2 AND m.from_me = 0
                    AND m.message_timestamp >= r.message_timestamp AND (m.message_timestamp > r.message_timestamp OR m.seq > r.seq)))
        WHERE instance_id = @1 AND canonical_chat = @2 AND unread_messages > 0
        """,
        instanceId, chat, seq);

    /// <summary>A message is gone: if it was its chat's last one, the one before it is the last now.</summary>
    public static void Forget(SqlSession sql, string instanceId, string chat, long seq) => sql.Execute(
        """
        UPDATE chats SET (last_message_seq, last_message_at) =
            (SELECT m.seq, m.message_timestamp FROM messages m WHERE m.instance_id = @1 AND m.canonical_chat = @2
                ORDER BY m.message_timestamp DESC, m.seq DESC LIMIT 1)
        WHERE instance_id = @1 AND canonical_chat = @2 AND last_message_seq = @3
        """,
        instanceId, chat, seq);

    /// <inheritdoc cref="SetChatTimer"/>
    public static void SetTimer(WriteTransaction transaction, string instanceId, SetChatTimer write, long now) => transaction.Sql.Execute(
        """
        INSERT INTO chats (id, instance_id, canonical_chat, remote_jid, unread_messages, is_saved, expiration_seconds, created_at, updated_at)
        VALUES (@1, @2, @3, @4, 0, 0, @5, @6, @6)
        ON CONFLICT (instance_id, canonical_chat) DO UPDATE SET expiration_seconds = excluded.expiration_seconds
        WHERE chats.expiration_seconds IS NOT excluded.expiration_seconds
        """,
        RowId.New(now), instanceId, CanonicalAddresses.Of(transaction.Sql, instanceId, write.Chat), write.RemoteJid, write.Seconds, now);

    /// <inheritdoc cref="UpsertChat"/>
    public static void Upsert(WriteTransaction transaction, string instanceId, UpsertChat write, long now)
    {
        var sql = transaction.Sql;
        var chat = CanonicalAddresses.Of(sql, instanceId, write.Chat);
        var wasSaved = sql.Scalar("SELECT is_saved FROM chats WHERE instance_id = @1 AND canonical_chat = @2", instanceId, chat);
        if (wasSaved is null)
        {
            sql.Execute(
                """
                INSERT INTO chats (id, instance_id, canonical_chat, remote_jid, name, unread_messages, is_saved, created_at, updated_at)
                VALUES (@1, @2, @3, @4, @5, @6, 1, @7, @7)
                """,
                RowId.New(now), instanceId, chat, write.RemoteJid, write.Name, write.UnreadMessages ?? 0, now);
            AttachedRows.Apply(transaction, instanceId, write.WhenCreated, now);
            return;
        }

        var changed = (string?)sql.Scalar(
            """
            UPDATE chats SET name = COALESCE(@3, name), unread_messages = COALESCE(@4, unread_messages), updated_at = @5, is_saved = 1,
                created_at = CASE WHEN is_saved = 0 THEN @5 ELSE created_at END
            WHERE instance_id = @1 AND canonical_chat = @2
                AND (is_saved = 0 OR (@3 IS NOT NULL AND (name IS NULL OR name <> @3)) OR (@4 IS NOT NULL AND unread_messages <> @4))
            RETURNING id
            """,
            instanceId, chat, write.Name, write.UnreadMessages, now);
        if (changed is not null)
            AttachedRows.Apply(transaction, instanceId, wasSaved is 0L ? write.WhenCreated : write.WhenChanged, now, changed);
    }
}
