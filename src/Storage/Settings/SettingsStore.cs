using Dapper;
using Evolution.Storage.Database;

namespace Evolution.Storage.Settings;

/// <summary>The instances' settings.</summary>
public sealed class SettingsStore(SqliteDatabase database)
{
    /// <summary>An instance's settings, or null.</summary>
    public ValueTask<SettingsRow?> FindAsync(string instanceId, CancellationToken ct) => database.ReadAsync(
        sql => sql.Connection.QueryFirstOrDefault<SettingsRow>("SELECT * FROM settings WHERE instance_id = @instanceId", new { instanceId }), ct);

    /// <summary>Replaces an instance's settings and returns what is stored.</summary>
    public async Task<SettingsRow> SaveAsync(string instanceId, SettingsRow settings, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var now = database.Now();
        await database.WriteAsync(transaction => Apply(transaction, instanceId, settings, now), ct).ConfigureAwait(false);
        return await FindAsync(instanceId, ct).ConfigureAwait(false) ?? throw new KeyNotFoundException($"The instance {instanceId} is gone.");
    }

    internal static void Apply(WriteTransaction transaction, string instanceId, SettingsRow row, long now) => transaction.Sql.Execute(
        """
        INSERT INTO settings (instance_id, id, reject_call, msg_call, groups_ignore, always_online, read_messages, read_status, sync_full_history,
            wavoip_token, created_at, updated_at)
        VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @11)
        ON CONFLICT (instance_id) DO UPDATE SET reject_call = excluded.reject_call, msg_call = excluded.msg_call,
            groups_ignore = excluded.groups_ignore, always_online = excluded.always_online, read_messages = excluded.read_messages,
            read_status = excluded.read_status, sync_full_history = excluded.sync_full_history, wavoip_token = excluded.wavoip_token,
            updated_at = excluded.updated_at
        """,
        instanceId, RowId.New(now), row.RejectCall, row.MsgCall, row.GroupsIgnore, row.AlwaysOnline, row.ReadMessages, row.ReadStatus,
        row.SyncFullHistory, row.WavoipToken, now);
}
