using Dapper;
using Evolution.Storage.Database;

namespace Evolution.Storage.Settings;

/// <summary>The instances' webhooks.</summary>
public sealed class WebhookStore(SqliteDatabase database)
{
    /// <summary>An instance's webhook, or null.</summary>
    public ValueTask<WebhookRow?> FindAsync(string instanceId, CancellationToken ct) => database.ReadAsync(
        sql => sql.Connection.QueryFirstOrDefault<WebhookRow>("SELECT * FROM webhooks WHERE instance_id = @instanceId", new { instanceId }), ct);

    /// <summary>Replaces an instance's webhook and returns what is stored.</summary>
    public async Task<WebhookRow> SaveAsync(string instanceId, WebhookRow webhook, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        var now = database.Now();
        await database.WriteAsync(transaction => Apply(transaction, instanceId, webhook, now), ct).ConfigureAwait(false);
        return await FindAsync(instanceId, ct).ConfigureAwait(false) ?? throw new KeyNotFoundException($"The instance {instanceId} is gone.");
    }

    internal static void Apply(WriteTransaction transaction, string instanceId, WebhookRow row, long now) => transaction.Sql.Execute(
        """
        INSERT INTO webhooks (instance_id, id, url, headers, enabled, events, webhook_by_events, webhook_base64, secret, created_at, updated_at)
        VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @10)
        ON CONFLICT (instance_id) DO UPDATE SET url = excluded.url, headers = excluded.headers, enabled = excluded.enabled, events = excluded.events,
            webhook_by_events = excluded.webhook_by_events, webhook_base64 = excluded.webhook_base64, secret = excluded.secret,
            updated_at = excluded.updated_at
        """,
        instanceId, RowId.New(now), row.Url, row.Headers, row.Enabled, row.Events, row.WebhookByEvents, row.WebhookBase64, row.Secret, now);
}
