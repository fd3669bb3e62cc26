using Evolution.Storage.Database;
using Evolution.Storage.Outbox;

namespace Evolution.Storage;

/// <summary>Removes what nobody needs any more, in small transactions between the others.</summary>
public sealed class Retention(SqliteDatabase database, DeadLetters deadLetters)
{
    private const int RowsPerTransaction = 500;

    /// <summary>How long messages of ours can be encrypted again for a device that asks, and retries are counted. Default 14 days.</summary>
    public TimeSpan RetryMaterial { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long dead letters can be seen and sent again. Default 30 days.</summary>
    public TimeSpan DeadLetters { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Removes everything that is too old; to be run now and then.</summary>
    /// <exception cref="StorageUnavailableException">Some of it is left for the next time.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var now = database.Time.GetUtcNow();
        await RepeatAsync(() => deadLetters.DeleteOlderAsync(now - DeadLetters, RowsPerTransaction, ct)).ConfigureAwait(false);

        var before = (now - RetryMaterial).ToUnixTimeMilliseconds();
        await RepeatAsync(() => DeleteAsync(
            """
            DELETE FROM sent_messages WHERE (instance_id, chat, id) IN
                (SELECT instance_id, chat, id FROM sent_messages WHERE sent_at < @1 LIMIT @2)
            """,
            before, ct)).ConfigureAwait(false);
        await RepeatAsync(() => DeleteAsync(
            """
            DELETE FROM retries WHERE (instance_id, direction, message_id, device) IN
                (SELECT instance_id, direction, message_id, device FROM retries WHERE last_at < @1 LIMIT @2)
            """,
            before, ct)).ConfigureAwait(false);
    }

    private Task<int> DeleteAsync(string statement, long before, CancellationToken ct) =>
        database.WriteAsync(transaction => transaction.Sql.Execute(statement, before, RowsPerTransaction), ct);

    private static async Task RepeatAsync(Func<Task<int>> delete)
    {
        while (await delete().ConfigureAwait(false) == RowsPerTransaction)
        {
            // The writer takes the sets of others in between.
        }
    }
}
