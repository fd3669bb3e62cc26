using Dapper;
using Evolution.Storage.Database;

namespace Evolution.Storage.Outbox;

/// <summary>Deliveries that were given up, to be seen and sent again.</summary>
public sealed class DeadLetters(SqliteDatabase database)
{
    /// <summary>An instance's dead letters, newest first.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="beforeId">Only those older than this one; null for the newest.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<DeadLetterRow>> ListAsync(string instanceId, long? beforeId, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<DeadLetterRow>>(
            sql => sql.Connection.Query<DeadLetterRow>(
                """
                SELECT l.id, e.public_id AS event_id, l.subscriber, l.instance_id, e.name, l.lane, l.attempts, l.last_error, e.created_at, l.died_at, e.body
                FROM dead_letters l JOIN events e ON e.id = l.event_id
                WHERE l.instance_id = @instanceId AND l.id < @before ORDER BY l.id DESC LIMIT @limit
                """,
                new { instanceId, before = beforeId ?? long.MaxValue, limit }).AsList(),
            ct);

    /// <summary>Sends dead letters again: each goes back into its lane, with all its attempts. Unknown ids are skipped.</summary>
    /// <returns>How many were put back.</returns>
    public Task<int> RequeueAsync(string instanceId, IReadOnlyCollection<long> ids, CancellationToken ct) => database.WriteAsync(
        transaction => ids.Order().Count(id => DeliveryRows.Revive(transaction, instanceId, id)), ct);

    /// <summary>Deletes those that died before a time, at most so many at once, and the events nobody else waits for.</summary>
    /// <returns>How many were deleted; as many as <paramref name="limit"/> means that there may be more.</returns>
    public Task<int> DeleteOlderAsync(DateTimeOffset before, int limit, CancellationToken ct)
    {
        var time = before.ToUnixTimeMilliseconds();
        return database.WriteAsync(
            transaction =>
            {
                var old = transaction.Sql.Query(
                    "SELECT id, event_id FROM dead_letters WHERE died_at < @1 ORDER BY died_at LIMIT @2",
                    reader => (Id: reader.GetInt64(0), Event: reader.GetInt64(1)),
                    time, limit);
                foreach (var letter in old)
                {
                    transaction.Sql.Execute("DELETE FROM dead_letters WHERE id = @1", letter.Id);
                    DeliveryRows.DeleteEventIfUnused(transaction.Sql, letter.Event);
                }

                return old.Count;
            },
            ct);
    }
}
