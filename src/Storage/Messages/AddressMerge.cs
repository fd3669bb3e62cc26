using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>
/// Makes one person of two addresses when their connection becomes known: rows keyed by the phone JID move to the LID, duplicates go,
/// and what clients see becomes the phone JID.
/// </summary>
internal static class AddressMerge
{
    public static void Apply(SqlSession sql, string instanceId, string phone, string lid)
    {
        MergeMessages(sql, instanceId, phone, lid);
        PollVoteRows.Merge(sql, instanceId, phone, lid);
        MergeChats(sql, instanceId, phone, lid);
        MergeContacts(sql, instanceId, phone, lid);
    }

    private static void MergeMessages(SqlSession sql, string instanceId, string phone, string lid)
    {
        sql.Execute(
            """
            DELETE FROM messages WHERE instance_id = @1 AND canonical_chat = @2 AND EXISTS (
                SELECT 1 FROM messages other WHERE other.instance_id = @1 AND other.key_id = messages.key_id AND other.canonical_chat = @3
                    AND other.canonical_sender IN (messages.canonical_sender, CASE WHEN messages.canonical_sender = @2 THEN @3 ELSE messages.canonical_sender END))
            """,
            instanceId, phone, lid);
        sql.Execute(
            """
            DELETE FROM messages WHERE instance_id = @1 AND canonical_sender = @2 AND canonical_chat <> @2 AND EXISTS (
                SELECT 1 FROM messages other WHERE other.instance_id = @1 AND other.key_id = messages.key_id
                    AND other.canonical_chat = messages.canonical_chat AND other.canonical_sender = @3)
            """,
            instanceId, phone, lid);
        sql.Execute("UPDATE messages SET canonical_sender = @3 WHERE instance_id = @1 AND canonical_sender = @2", instanceId, phone, lid);
        sql.Execute("UPDATE messages SET canonical_chat = @3 WHERE instance_id = @1 AND canonical_chat = @2", instanceId, phone, lid);

        // What clients see: the phone JID; beside it, the other form as the addressing mode has it.
        sql.Execute(
            """
            UPDATE messages SET remote_jid = @2,
                remote_lid = CASE WHEN addressing_mode = 'lid' THEN @3 ELSE remote_lid END,
                remote_jid_alt = CASE WHEN addressing_mode = 'lid' THEN @2 ELSE @3 END
            WHERE instance_id = @1 AND canonical_chat = @3 AND remote_jid = @3
            """,
            instanceId, phone, lid);
        sql.Execute(
            """
            UPDATE messages SET remote_jid_alt = @3
            WHERE instance_id = @1 AND canonical_chat = @3 AND remote_jid = @2 AND remote_jid_alt IS NULL AND addressing_mode = 'pn'
            """,
            instanceId, phone, lid);
        sql.Execute(
            """
            UPDATE messages SET participant = @2,
                participant_lid = CASE WHEN addressing_mode = 'lid' THEN @3 ELSE participant_lid END,
                participant_alt = CASE WHEN addressing_mode = 'lid' THEN @2 ELSE @3 END
            WHERE instance_id = @1 AND canonical_sender = @3 AND participant = @3
            """,
            instanceId, phone, lid);
    }

    private static void MergeChats(SqlSession sql, string instanceId, string phone, string lid)
    {
        // The phone's row goes into the LID's where both exist; the newer last message stays.
        sql.Execute(
            """
            UPDATE chats SET
                name = COALESCE(chats.name, old.name),
                unread_messages = chats.unread_messages + old.unread_messages,
                is_saved = CASE WHEN old.is_saved = 1 THEN 1 ELSE chats.is_saved END,
                expiration_seconds = COALESCE(chats.expiration_seconds, old.expiration_seconds),
                created_at = CASE WHEN old.created_at < chats.created_at THEN old.created_at ELSE chats.created_at END,
                last_message_seq = CASE WHEN chats.last_message_at IS NULL OR old.last_message_at > chats.last_message_at
                    THEN old.last_message_seq ELSE chats.last_message_seq END,
                last_message_at = CASE WHEN chats.last_message_at IS NULL OR old.last_message_at > chats.last_message_at
                    THEN old.last_message_at ELSE chats.last_message_at END
            FROM (SELECT * FROM chats WHERE instance_id = @1 AND canonical_chat = @2) AS old
            WHERE chats.instance_id = @1 AND chats.canonical_chat = @3
            """,
            instanceId, phone, lid);
        sql.Execute(
            """
            DELETE FROM chats WHERE instance_id = @1 AND canonical_chat = @2
                AND EXISTS (SELECT 1 FROM chats other WHERE other.instance_id = @1 AND other.canonical_chat = @3)
            """,
            instanceId, phone, lid);
        sql.Execute("UPDATE chats SET canonical_chat = @3 WHERE instance_id = @1 AND canonical_chat = @2", instanceId, phone, lid);
        sql.Execute(
            "UPDATE chats SET remote_jid = @2 WHERE instance_id = @1 AND canonical_chat = @3 AND remote_jid = @3", instanceId, phone, lid);
    }

    private static void MergeContacts(SqlSession sql, string instanceId, string phone, string lid)
    {
        sql.Execute(
            """
            UPDATE contacts SET
                push_name = COALESCE(contacts.push_name, old.push_name),
                profile_pic_url = COALESCE(contacts.profile_pic_url, old.profile_pic_url)
            FROM (SELECT * FROM contacts WHERE instance_id = @1 AND canonical_jid = @2) AS old
            WHERE contacts.instance_id = @1 AND contacts.canonical_jid = @3
            """,
            instanceId, phone, lid);
        sql.Execute(
            """
            DELETE FROM contacts WHERE instance_id = @1 AND canonical_jid = @2
                AND EXISTS (SELECT 1 FROM contacts other WHERE other.instance_id = @1 AND other.canonical_jid = @3)
            """,
            instanceId, phone, lid);
        sql.Execute("UPDATE contacts SET canonical_jid = @3 WHERE instance_id = @1 AND canonical_jid = @2", instanceId, phone, lid);
        sql.Execute(
            "UPDATE contacts SET remote_jid = @2 WHERE instance_id = @1 AND canonical_jid = @3 AND remote_jid = @3", instanceId, phone, lid);
    }
}
