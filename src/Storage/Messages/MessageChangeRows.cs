using System.Text.Json;
using Evolution.Client;
using Evolution.Protocol.Jids;
using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>The statements that change stored messages.</summary>
internal static class MessageChangeRows
{
    /// <summary>The highest status kept of a member (<c>@2</c>) for a message (the row <c>@1</c>).</summary>
    internal const string StatusOfMember = "SELECT MAX(status) FROM message_updates WHERE message_id = @1 AND participant = @2";

    private const string DeletedMark = """{"deleted":true}""";

    /// <inheritdoc cref="UpdateMessageStatus"/>
    public static void Raise(WriteTransaction transaction, string instanceId, UpdateMessageStatus write, long now)
    {
        var sql = transaction.Sql;
        if (Find(sql, instanceId, write.Chat, write.KeyId, "from_me", write.FromMe) is not { } found
            || !Rises(write.IsOfParticipant ? StatusOf(sql, found, write.Participant) : found.Status, write.Status))
            return;

        // What one member of a group has got, the server had, also when its ack was lost.
        var own = write.IsOfParticipant ? MessageStatus.ServerAck : write.Status;
        if (Rises(found.Status, own))
            sql.Execute("UPDATE messages SET status = @2 WHERE seq = @1", found.Seq, (int)own);
        if (!write.FromMe && write.Status >= MessageStatus.Read)
            ChatRows.Read(sql, instanceId, found.CanonicalChat, found.Seq);
        if (write.KeepsUpdate)
            Keep(sql, instanceId, found, write.KeyId, write.Participant, (MessageUpdate)write.Status, now);
        AttachedRows.Apply(transaction, instanceId, write.WhenRaised, now, found.Id);
    }

    /// <inheritdoc cref="EditMessage"/>
    public static void Edit(WriteTransaction transaction, string instanceId, EditMessage write, long now)
    {
        var sql = transaction.Sql;
        if (FindBySender(sql, instanceId, write.Chat, write.KeyId, write.Sender) is not { } found)
            return;

        sql.Execute(
            "UPDATE messages SET message_type = @2, message = @3, message_timestamp = @4 WHERE seq = @1",
            found.Seq, write.MessageType, Content(sql, found, write), write.Timestamp);
        if (write.KeepsUpdate)
            Keep(sql, instanceId, found, write.KeyId, participant: null, MessageUpdate.Edited, now);
        AttachedRows.Apply(transaction, instanceId, write.WhenEdited, now, found.Id);
    }

    /// <inheritdoc cref="RevokeMessage"/>
    public static void Revoke(WriteTransaction transaction, string instanceId, RevokeMessage write, long now)
    {
        var sql = transaction.Sql;
        if (FindBySender(sql, instanceId, write.Chat, write.KeyId, write.Sender) is not { } found)
            return;

        if (write.RemovesRow)
        {
            sql.Execute("DELETE FROM messages WHERE seq = @1", found.Seq);
            ChatRows.Forget(sql, instanceId, found.CanonicalChat, found.Seq);
        }
        else
        {
            sql.Execute("UPDATE messages SET key_extra = @2 WHERE seq = @1", found.Seq, DeletedMark);
            if (write.KeepsUpdate)
                Keep(sql, instanceId, found, write.KeyId, participant: null, MessageUpdate.Deleted, now);
        }

        AttachedRows.Apply(transaction, instanceId, write.WhenRevoked, now, found.Id);
    }

    private static string Content(SqlSession sql, Found found, EditMessage write)
    {
        if (write.KeptMember is not { } kept)
            return write.Message;
        // As deep as what arrives can be nested.
        using var before = JsonDocument.Parse((string)sql.Scalar("SELECT message FROM messages WHERE seq = @1", found.Seq)!, new JsonDocumentOptions { MaxDepth = 256 });
        if (!before.RootElement.TryGetProperty(kept, out var member))
            return write.Message;
        var rest = write.Message.AsSpan().TrimEnd()[..^1];
        var comma = rest.TrimEnd().EndsWith("{") ? "" : ",";
        return $"{rest}{comma}{JsonSerializer.Serialize(kept)}:{member.GetRawText()}}}";
    }

    private static Found? FindBySender(SqlSession sql, string instanceId, Jid chat, string keyId, Jid sender) =>
        Find(sql, instanceId, chat, keyId, "canonical_sender", CanonicalAddresses.Of(sql, instanceId, sender));

    private static Found? Find(SqlSession sql, string instanceId, Jid chat, string keyId, string column, object value)
    {
        var canonicalChat = CanonicalAddresses.Of(sql, instanceId, chat);
        return sql.First(
            $"""
            SELECT seq, id, status, remote_jid, from_me FROM messages
            WHERE instance_id = @1 AND key_id = @2 AND canonical_chat = @3 AND {column} = @4
            ORDER BY seq LIMIT 1
            """,
            reader => new Found(
                reader.GetInt64(0),
                reader.GetString(1),
                reader.IsDBNull(2) ? null : (MessageStatus)reader.GetInt32(2),
                canonicalChat,
                reader.GetString(3),
                reader.GetBoolean(4)),
            instanceId, keyId, canonicalChat, value);
    }

    private static void Keep(SqlSession sql, string instanceId, Found found, string keyId, string? participant, MessageUpdate update, long now) => sql.Execute(
        """
        INSERT INTO message_updates (id, instance_id, message_id, key_id, remote_jid, from_me, participant, status, created_at)
        VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9)
        """,
        RowId.New(now), instanceId, found.Id, keyId, found.RemoteJid, found.FromMe, participant, (int)update, now);

    private static MessageStatus? StatusOf(SqlSession sql, Found found, string? participant) =>
        sql.Scalar(StatusOfMember, found.Id, participant) is long status
            ? (MessageStatus)status
            : null;

    private static bool Rises(MessageStatus? from, MessageStatus to) =>
        from is null || (to == MessageStatus.Error ? from == MessageStatus.Pending : to > from);

    private sealed record Found(long Seq, string Id, MessageStatus? Status, string CanonicalChat, string RemoteJid, bool FromMe);
}
