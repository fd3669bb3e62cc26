using System.Text;
using Evolution.Storage.Database;
using Evolution.Storage.Messages;

namespace Evolution.Storage.Outbox;

/// <summary>The statements of the outbox.</summary>
internal static class DeliveryRows
{
    private const int MaxErrorLength = 500;
    private static readonly byte[] RowIdPlaceholder = Encoding.UTF8.GetBytes(UpdateMessageStatus.RowIdPlaceholder);

    /// <inheritdoc cref="AppendEvent"/>
    public static void Append(WriteTransaction transaction, string instanceId, AppendEvent e, long now, string? rowId)
    {
        if (e.Subscribers.Count == 0)
            return;
        var sequence = (long)transaction.Sql.Scalar(
            """
            INSERT INTO events (public_id, instance_id, instance_name, name, body, trace, created_at) VALUES (@1, @2, @3, @4, @5, @6, @7)
            RETURNING id
            """,
            e.EventId, instanceId, e.InstanceName, e.Name, BodyOf(e, rowId), e.Trace, now)!;
        foreach (var subscriber in e.Subscribers)
        {
            Insert(transaction.Sql, subscriber, instanceId, e.Lane, sequence);
            if (transaction.Schedule is { } schedule)
                transaction.AfterCommit(() => schedule.Add(subscriber, instanceId, e.Lane, sequence));
        }
    }

    /// <summary>The delivery is made: it goes, and its event with the last of its deliveries.</summary>
    public static void Complete(SqlSession sql, ClaimedDelivery delivery)
    {
        Delete(sql, delivery);
        DeleteEventIfUnused(sql, delivery.Sequence);
    }

    public static void Postpone(SqlSession sql, ClaimedDelivery delivery, long notBefore, string error) => sql.Execute(
        """
        UPDATE deliveries SET attempts = @5, next_attempt_at = @6, last_error = @7
        WHERE subscriber = @1 AND instance_id = @2 AND lane = @3 AND event_id = @4
        """,
        delivery.Subscriber, delivery.InstanceId, delivery.Lane, delivery.Sequence, delivery.Attempt, notBefore, Shorten(error));

    public static void Bury(SqlSession sql, ClaimedDelivery delivery, string error, long now)
    {
        if (Delete(sql, delivery) == 0)
            return;
        sql.Execute(
            """
            INSERT INTO dead_letters (event_id, subscriber, instance_id, lane, attempts, last_error, died_at) VALUES (@1, @2, @3, @4, @5, @6, @7)
            """,
            delivery.Sequence, delivery.Subscriber, delivery.InstanceId, delivery.Lane, delivery.Attempt, Shorten(error), now);
    }

    /// <summary>Puts a dead letter back into its lane; false when there is none with this id.</summary>
    public static bool Revive(WriteTransaction transaction, string instanceId, long deadLetterId)
    {
        var letter = transaction.Sql.First(
            "SELECT event_id, subscriber, lane FROM dead_letters WHERE id = @1 AND instance_id = @2",
            reader => new DeadDelivery(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)),
            deadLetterId, instanceId);
        if (letter is null)
            return false;
        transaction.Sql.Execute("DELETE FROM dead_letters WHERE id = @1", deadLetterId);
        Insert(transaction.Sql, letter.Subscriber, instanceId, letter.Lane, letter.Sequence);
        if (transaction.Schedule is { } schedule)
            transaction.AfterCommit(() => schedule.AddAgain(letter.Subscriber, instanceId, letter.Lane, letter.Sequence));
        return true;
    }

    /// <summary>Removes what waits for a subscriber of an instance, its dead letters included.</summary>
    public static void Drop(WriteTransaction transaction, string subscriber, string instanceId)
    {
        transaction.Sql.Execute("DELETE FROM deliveries WHERE subscriber = @1 AND instance_id = @2", subscriber, instanceId);
        transaction.Sql.Execute("DELETE FROM dead_letters WHERE subscriber = @1 AND instance_id = @2", subscriber, instanceId);
        transaction.Sql.Execute(
            """
            DELETE FROM events WHERE instance_id = @1 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = events.id)
                AND NOT EXISTS (SELECT 1 FROM dead_letters l WHERE l.event_id = events.id)
            """,
            instanceId);
        if (transaction.Schedule is { } schedule)
            transaction.AfterCommit(() => schedule.Drop(subscriber, instanceId));
    }

    /// <summary>Who has deliveries waiting.</summary>
    public static List<(string Subscriber, string InstanceId)> Groups(SqlSession sql) => sql.Query(
        "SELECT DISTINCT subscriber, instance_id FROM deliveries", reader => (reader.GetString(0), reader.GetString(1)));

    /// <summary>The oldest delivery of each lane, of at most so many lanes.</summary>
    public static List<(string Lane, PendingDelivery Head)> Heads(SqlSession sql, string subscriber, string instanceId, int limit) => sql.Query(
        """
        SELECT d.lane, d.event_id, d.attempts, d.next_attempt_at FROM deliveries d
        JOIN (SELECT lane, MIN(event_id) AS first FROM deliveries WHERE subscriber = @1 AND instance_id = @2 GROUP BY lane ORDER BY lane LIMIT @3) h
            ON d.lane = h.lane AND d.event_id = h.first
        WHERE d.subscriber = @1 AND d.instance_id = @2
        ORDER BY d.event_id
        """,
        reader => (reader.GetString(0), new PendingDelivery(reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3))),
        subscriber, instanceId, limit);

    /// <summary>The oldest deliveries of a lane.</summary>
    public static List<PendingDelivery> OfLane(SqlSession sql, DeliveryLane lane) => sql.Query(
        """
        SELECT event_id, attempts, next_attempt_at FROM deliveries WHERE subscriber = @1 AND instance_id = @2 AND lane = @3 ORDER BY event_id LIMIT @4
        """,
        reader => new PendingDelivery(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2)),
        lane.Group.Subscriber, lane.Group.InstanceId, lane.Name, DeliveryLane.MaxFollowing);

    /// <summary>The event at a lane's head, ready to be delivered; null when it was deleted meanwhile.</summary>
    public static ClaimedDelivery? Claim(SqlSession sql, DeliveryLane lane) => sql.First(
        "SELECT public_id, instance_name, name, body, trace, created_at FROM events WHERE id = @1",
        reader => new ClaimedDelivery(lane.Head.Sequence, lane)
        {
            Subscriber = lane.Group.Subscriber,
            InstanceId = lane.Group.InstanceId,
            InstanceName = reader.GetString(1),
            Lane = lane.Name,
            EventId = reader.GetString(0),
            Name = reader.GetString(2),
            Body = reader.GetFieldValue<byte[]>(3),
            Trace = reader.IsDBNull(4) ? null : reader.GetString(4),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)),
            Attempt = lane.Head.Attempts + 1,
        },
        lane.Head.Sequence);

    public static void DeleteEventIfUnused(SqlSession sql, long sequence) => sql.Execute(
        """
        DELETE FROM events WHERE id = @1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = @1)
            AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE event_id = @1)
        """,
        sequence);

    private static int Delete(SqlSession sql, ClaimedDelivery delivery) => sql.Execute(
        "DELETE FROM deliveries WHERE subscriber = @1 AND instance_id = @2 AND lane = @3 AND event_id = @4",
        delivery.Subscriber, delivery.InstanceId, delivery.Lane, delivery.Sequence);

    private static void Insert(SqlSession sql, string subscriber, string instanceId, string lane, long sequence) => sql.Execute(
        "INSERT INTO deliveries (subscriber, instance_id, lane, event_id, attempts, next_attempt_at) VALUES (@1, @2, @3, @4, 0, 0)",
        subscriber, instanceId, lane, sequence);

    private static byte[] BodyOf(AppendEvent e, string? rowId)
    {
        var body = e.Body.ToArray();
        if (rowId is null)
            return body;
        // The same length, so that it only has to be written over.
        var rest = body.AsSpan();
        while (rest.IndexOf(RowIdPlaceholder) is var at and >= 0)
        {
            Encoding.UTF8.GetBytes(rowId, rest[at..]);
            rest = rest[(at + RowIdPlaceholder.Length)..];
        }

        return body;
    }

    private static string Shorten(string error) => error.Length <= MaxErrorLength ? error : error[..MaxErrorLength];

    private sealed record DeadDelivery(long Sequence, string Subscriber, string Lane);
}
