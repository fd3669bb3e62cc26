using Evolution.Proto;
using Evolution.Simulator.Store;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace Evolution.Simulator.Phones;

/// <summary>The messages of one phone: rows in the file, and a bell for who waits for the next change.</summary>
internal sealed class PhoneMessages(SimulatedWorld world, string number)
{
    private const string Columns = "seq, id, chat, sender, from_me, at, content, delivered, read, played, sender_device";

    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next committed change. Take it before looking, so that nothing slips through.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Stores the message unless this phone has it already (same chat, side and id).</summary>
    public void Add(Writes writes, string id, string chat, string sender, ushort senderDevice, DateTimeOffset at, Message content)
    {
        writes.Add("INSERT OR IGNORE INTO messages VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, NULL, NULL)",
            world.NextMessageSeq(), number, id, chat, sender, (long)senderDevice, sender == number ? 1L : 0L, at.ToUnixTimeMilliseconds(), content.ToByteArray());
        writes.AfterCommit(Ring);
    }

    /// <summary>Notes a receipt; an earlier one stays.</summary>
    /// <param name="type">null or "inactive" = delivered, "read", "played".</param>
    public void Mark(Writes writes, string id, string? type, DateTimeOffset at)
    {
        var column = type switch { "read" or "read-self" => "read", "played" or "played-self" => "played", _ => "delivered" };
        writes.Add($"UPDATE messages SET {column} = coalesce({column}, ?3) WHERE pn = ?1 AND id = ?2 AND from_me = 1", number, id, at.ToUnixTimeMilliseconds());
        if (column != "delivered")
            writes.Add("UPDATE messages SET delivered = coalesce(delivered, ?3) WHERE pn = ?1 AND id = ?2 AND from_me = 1", number, id, at.ToUnixTimeMilliseconds());
        writes.AfterCommit(Ring);
    }

    /// <param name="after">Only messages with a higher number.</param>
    /// <param name="from">Only what this number wrote; null for all.</param>
    public IReadOnlyList<PhoneMessage> After(long after, string? from = null, int limit = 1000) => world.Store.Query(
        $"SELECT {Columns} FROM messages WHERE pn = ?1 AND seq > ?2 AND (?3 IS NULL OR sender = ?3) ORDER BY seq LIMIT ?4", Read, number, after, from, (long)limit);

    public PhoneMessage? Find(string id, bool? fromMe = null) => world.Store.Query(
        $"SELECT {Columns} FROM messages WHERE pn = ?1 AND id = ?2 AND (?3 IS NULL OR from_me = ?3) LIMIT 1",
        Read, number, id, fromMe is null ? null : fromMe.Value ? 1L : 0L).FirstOrDefault();

    /// <summary>The chats, newest first, with their newest messages, oldest first.</summary>
    public IEnumerable<(string Chat, IReadOnlyList<PhoneMessage> Messages)> Chats(int messagesPerChat)
    {
        foreach (var chat in world.Store.Query("SELECT chat FROM messages WHERE pn = ?1 GROUP BY chat ORDER BY max(at) DESC", row => row.GetString(0), number))
        {
            var newest = world.Store.Query(
                $"SELECT {Columns} FROM messages WHERE pn = ?1 AND chat = ?2 ORDER BY at DESC LIMIT ?3", Read, number, chat, (long)messagesPerChat);
            newest.Reverse();
            yield return (chat, newest);
        }
    }

    /// <summary>The newest messages of a chat from before a moment, oldest first.</summary>
    public IReadOnlyList<PhoneMessage> Before(string chat, DateTimeOffset moment, int limit)
    {
        var older = world.Store.Query($"SELECT {Columns} FROM messages WHERE pn = ?1 AND chat = ?2 AND at < ?3 ORDER BY at DESC LIMIT ?4",
            Read, number, chat, moment.ToUnixTimeMilliseconds(), (long)limit);
        older.Reverse();
        return older;
    }

    /// <summary>Waits until there is a message that fits.</summary>
    /// <param name="after">Only messages with a higher number.</param>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public async Task<PhoneMessage> WaitAsync(Func<PhoneMessage, bool> fits, TimeSpan limit, long after, CancellationToken ct)
    {
        using var expired = new CancellationTokenSource(limit, world.Time);
        while (true)
        {
            var changed = Changed;
            long seen = after;
            while (After(seen) is { Count: > 0 } page)
            {
                if (page.FirstOrDefault(fits) is { } found)
                    return found;
                seen = page[^1].Seq;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, ct);
            try
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (expired.IsCancellationRequested)
            {
                throw new TimeoutException("No such message came to the phone in time.", e);
            }
        }
    }

    private void Ring() =>
        Interlocked.Exchange(ref _changed!, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private static PhoneMessage Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), (ushort)row.GetInt64(10),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), Message.Parser.ParseFrom(row.Bytes(6)), new MessageReceipts(Time(row, 7), Time(row, 8), Time(row, 9)))
    {
        FromMe = row.GetInt64(4) != 0,
    };

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
