using Evolution.Storage.Database;

namespace Evolution.Storage.Instances;

/// <summary>The statement behind every change of an instance's connection.</summary>
internal static class InstanceConnection
{
    public static void Apply(WriteTransaction transaction, string instanceId, ConnectionUpdate update, long now)
    {
        if (update.ClearsOwner)
        {
            transaction.Sql.Execute(
                "UPDATE instances SET owner_jid = NULL, profile_name = NULL, profile_pic_url = NULL WHERE id = @1", instanceId);
        }

        transaction.Sql.Execute(
            """
            UPDATE instances SET connection_status = COALESCE(@2, connection_status), owner_jid = COALESCE(@3, owner_jid),
                profile_name = COALESCE(@4, profile_name), profile_pic_url = COALESCE(@5, profile_pic_url), updated_at = @6
            WHERE id = @1
            """,
            instanceId, update.Status, update.OwnerJid, update.ProfileName, update.ProfilePicUrl, now);
        if (update.Disconnection is { } end)
        {
            transaction.Sql.Execute(
                "UPDATE instances SET disconnection_reason_code = @2, disconnection_object = @3, disconnection_at = @4 WHERE id = @1",
                instanceId, end.ReasonCode, end.Object, end.At.ToUnixTimeMilliseconds());
        }
    }
}
