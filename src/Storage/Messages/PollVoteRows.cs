using System.Text.Json;
using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>The statements that write votes.</summary>
internal static class PollVoteRows
{
    /// <inheritdoc cref="RecordPollVote"/>
    public static void Record(WriteTransaction transaction, string instanceId, RecordPollVote write, long now)
    {
        var sql = transaction.Sql;
        var poll = (string?)sql.Scalar(
            "SELECT id FROM messages WHERE instance_id = @1 AND key_id = @2 AND canonical_chat = @3 ORDER BY seq LIMIT 1",
            instanceId, write.PollId, CanonicalAddresses.Of(sql, instanceId, write.Chat));
        if (poll is null)
            return;

        var counted = sql.Execute(
            """
            INSERT INTO poll_votes (message_id, canonical_voter, instance_id, voter, options, voted_at) VALUES (@1, @2, @3, @4, @5, @6)
            ON CONFLICT (message_id, canonical_voter) DO UPDATE SET voter = excluded.voter, options = excluded.options, voted_at = excluded.voted_at
                WHERE excluded.voted_at > poll_votes.voted_at
            """,
            poll, CanonicalAddresses.Of(sql, instanceId, write.Voter), instanceId, write.Vote.Voter, JsonSerializer.Serialize(write.Vote.Options), write.VotedAt);
        if (counted == 0)
            return;

        var votes = sql.Query(
            "SELECT voter, options FROM poll_votes WHERE message_id = @1 ORDER BY voted_at, canonical_voter",
            reader => new PollVote(reader.GetString(0), JsonSerializer.Deserialize<string[]>(reader.GetString(1)) ?? []),
            poll);
        var told = write.WhenCounted(votes);
        AttachedRows.Check(told);
        AttachedRows.Apply(transaction, instanceId, told, now, poll);
    }

    /// <summary>Two addresses turn out to be one person: the newer vote stays.</summary>
    public static void Merge(SqlSession sql, string instanceId, string phone, string lid)
    {
        sql.Execute(
            """
            DELETE FROM poll_votes WHERE instance_id = @1 AND canonical_voter IN (@2, @3) AND EXISTS (
                SELECT 1 FROM poll_votes other WHERE other.message_id = poll_votes.message_id AND other.canonical_voter IN (@2, @3)
                    AND other.canonical_voter <> poll_votes.canonical_voter AND other.voted_at > poll_votes.voted_at)
            """,
            instanceId, phone, lid);
        sql.Execute(
            """
            DELETE FROM poll_votes WHERE instance_id = @1 AND canonical_voter = @2 AND EXISTS (
                SELECT 1 FROM poll_votes other WHERE other.message_id = poll_votes.message_id AND other.canonical_voter = @3)
            """,
            instanceId, phone, lid);
        sql.Execute(
            "UPDATE poll_votes SET canonical_voter = @3, voter = @2 WHERE instance_id = @1 AND canonical_voter IN (@2, @3)", instanceId, phone, lid);
    }
}
