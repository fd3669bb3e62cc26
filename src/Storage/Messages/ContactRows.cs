using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>The statements that write contacts.</summary>
internal static class ContactRows
{
    /// <inheritdoc cref="UpsertContact"/>
    public static void Upsert(WriteTransaction transaction, string instanceId, UpsertContact write, long now)
    {
        var sql = transaction.Sql;
        var person = CanonicalAddresses.Of(sql, instanceId, write.Person);
        var changed = sql.Execute(
            """
            UPDATE contacts SET push_name = COALESCE(@3, push_name), profile_pic_url = COALESCE(@4, profile_pic_url), updated_at = @5
            WHERE instance_id = @1 AND canonical_jid = @2
                AND ((@3 IS NOT NULL AND (push_name IS NULL OR push_name <> @3)) OR (@4 IS NOT NULL AND (profile_pic_url IS NULL OR profile_pic_url <> @4)))
            """,
            instanceId, person, write.PushName, write.ProfilePicUrl, now) > 0;
        if (changed)
        {
            AttachedRows.Apply(transaction, instanceId, write.WhenChanged, now);
            return;
        }

        if (write.OnlyIfStored)
            return;
        var created = sql.Execute(
            """
            INSERT INTO contacts (id, instance_id, canonical_jid, remote_jid, push_name, profile_pic_url, created_at, updated_at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @7)
            ON CONFLICT (instance_id, canonical_jid) DO NOTHING
            """,
            RowId.New(now), instanceId, person, write.RemoteJid, write.PushName, write.ProfilePicUrl, now) > 0;
        if (created)
            AttachedRows.Apply(transaction, instanceId, write.WhenCreated, now);
    }
}
