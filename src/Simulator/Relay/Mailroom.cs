using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Relay;

/// <summary>Puts stanzas into devices' queues, on disk and in memory, and takes them out when acknowledged.</summary>
internal sealed class Mailroom(SimulatorStore store)
{
    private long _seq = store.Query("SELECT coalesce(max(seq), 0) FROM queue", row => row.GetInt64(0))[0];

    /// <summary>Queues the stanza; the device sees it once <paramref name="writes"/> are committed.</summary>
    public void Deliver(Writes writes, Device device, Node node)
    {
        var entry = new QueuedStanza(Interlocked.Increment(ref _seq), node);
        writes.Add("INSERT INTO queue VALUES(?1, ?2, ?3, ?4)", entry.Seq, device.Account.Number, (long)device.Number, NodeWriter.Encode(node));
        writes.AfterCommit(() => device.Queue.Add(entry));
    }

    public void Forget(Writes writes, QueuedStanza entry) => writes.Add("DELETE FROM queue WHERE seq = ?1", entry.Seq);

    /// <summary>Reads stanzas by their places, in that order.</summary>
    public IReadOnlyList<QueuedStanza> Read(IReadOnlyList<long> seqs)
    {
        var found = store.Query(
            "SELECT seq, stanza FROM queue WHERE seq IN (SELECT value FROM json_each(?1))",
            row => new QueuedStanza(row.GetInt64(0), NodeReader.Decode(row.Bytes(1))),
            $"[{string.Join(',', seqs)}]").ToDictionary(entry => entry.Seq);
        return [.. seqs.Where(found.ContainsKey).Select(seq => found[seq])];
    }

    /// <summary>Fills the queues with what waited when the process ended.</summary>
    public void Load(AccountDirectory directory) =>
        store.Query("SELECT seq, pn, number, stanza FROM queue ORDER BY seq", row =>
        {
            directory.FindNumber(row.GetString(1))?.Find((ushort)row.GetInt64(2))?.Queue.Add(new QueuedStanza(row.GetInt64(0), NodeReader.Decode(row.Bytes(3))));
            return 0;
        });
}
