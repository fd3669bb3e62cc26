using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>The statements that store messages.</summary>
internal static class MessageRows
{
    /// <inheritdoc cref="InsertMessage"/>
    public static void Insert(WriteTransaction transaction, string instanceId, InsertMessage write, long now)
    {
        var sql = transaction.Sql;
        var row = write.Message;
        var chat = CanonicalAddresses.Of(sql, instanceId, write.Chat);
        var sender = CanonicalAddresses.Of(sql, instanceId, write.Sender);
        if (sql.Scalar(
            """
            INSERT INTO messages (id, instance_id, key_id, canonical_chat, canonical_sender, remote_jid, remote_jid_alt, remote_lid, from_me,
                participant, participant_alt, participant_lid, addressing_mode, key_extra, push_name, message_type, message, context_info, source,
                message_timestamp, status, is_placeholder, is_history)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14, @15, @16, @17, @18, @19, @20, @21, @22, @23)
            ON CONFLICT (instance_id, key_id, canonical_chat, canonical_sender) DO NOTHING
            RETURNING seq
            """,
            row.Id, instanceId, row.KeyId, chat, sender, row.RemoteJid, row.RemoteJidAlt, row.RemoteLid, row.FromMe, row.Participant,
            row.ParticipantAlt, row.ParticipantLid, row.AddressingMode, row.KeyExtra, row.PushName, row.MessageType, row.Message, row.ContextInfo,
            row.Source, row.MessageTimestamp, (int?)row.Status, row.IsPlaceholder, write.IsHistory) is long seq)
        {
            ChatRows.Follow(transaction, instanceId, write, chat, seq, now);
            AttachedRows.Apply(transaction, instanceId, write.WhenInserted, now, row.Id);
        }
        else if (!row.IsPlaceholder && (Replace(sql, instanceId, write, chat, sender) ?? Confirm(sql, instanceId, write, chat, sender)) is { } known)
        {
            AttachedRows.Apply(transaction, instanceId, write.WhenReplaced, now, known);
        }
    }

    private static string? Replace(SqlSession sql, string instanceId, InsertMessage write, string chat, string sender)
    {
        var row = write.Message;
        return (string?)sql.Scalar(
            """
            UPDATE messages SET push_name = COALESCE(@5, push_name), message_type = @6, message = @7, context_info = @8, source = @9, key_extra = @10,
                message_timestamp = @11, is_placeholder = 0, is_history = @13,
                status = CASE WHEN @12 IS NULL OR status > @12 THEN status ELSE @12 END
            WHERE instance_id = @1 AND key_id = @2 AND canonical_chat = @3 AND canonical_sender = @4 AND is_placeholder = 1
            RETURNING id
            """,
            instanceId, row.KeyId, chat, sender, row.PushName, row.MessageType, row.Message, row.ContextInfo, row.Source, row.KeyExtra,
            row.MessageTimestamp, (int?)row.Status, write.IsHistory);
    }

    // The phone may send its history while a message is on its way to us that it has already. What is stored stays: the history's may be an edited one.
    private static string? Confirm(SqlSession sql, string instanceId, InsertMessage write, string chat, string sender) => write.IsHistory ? null : (string?)sql.Scalar(
        """
        UPDATE messages SET is_history = 0
        WHERE instance_id = @1 AND key_id = @2 AND canonical_chat = @3 AND canonical_sender = @4 AND is_history = 1
        RETURNING id
        """,
        instanceId, write.Message.KeyId, chat, sender);
}
