using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Dispatch;

/// <summary>An incoming stanza on its way through a handler.</summary>
internal sealed class Stanza(Node node, Jid lane, RatchetScope ratchets)
{
    private readonly List<Node> replies = [];
    private readonly List<Func<CancellationToken, ValueTask>> afterCommit = [];

    /// <summary>The stanza itself.</summary>
    public Node Node { get; } = node;

    /// <summary>The canonical chat whose lane it is in.</summary>
    public Jid Lane { get; } = lane;

    /// <summary>Whether it waited on the server while the device was away.</summary>
    public bool IsOffline => Node["offline"] is not null;

    /// <summary>Replaces the default ack. Several replies leave in the order they were added, after the commit.</summary>
    public void Reply(Node reply)
    {
        ReplacesDefaultAck = true;
        replies.Add(reply);
    }

    /// <summary>Adds a stanza to send after the commit, beside the default ack (or the replies that replace it).</summary>
    public void AlsoSend(Node node) => replies.Add(node);

    /// <summary>The default ack is not sent; with no <see cref="Reply"/> nothing is, and the server delivers the stanza again at the next connection.</summary>
    public void SuppressAck() => ReplacesDefaultAck = true;

    /// <summary>Runs once the commit is done and the replies have left, still in the lane: the next stanza waits. It must be short; its failure is logged.</summary>
    public void AfterCommit(Func<CancellationToken, ValueTask> action) => afterCommit.Add(action);

    /// <summary>
    /// Takes the ratchet locks of all sessions and sender keys the handler will touch, until the commit.
    /// Call it once, before the first read of a record and before the first write to the write set.
    /// </summary>
    public ValueTask LockAsync(IEnumerable<RatchetKey> keys, CancellationToken ct) => ratchets.LockAsync(keys, ct);

    /// <summary>Commits the stanzas before this one and gives their locks back, before something that takes long and needs no lock.</summary>
    public ValueTask FlushEarlierAsync(CancellationToken ct) => ratchets.FlushAsync(ct);

    /// <summary>Handling failed: whatever was to be sent is replaced by a refusal with this error.</summary>
    internal void Refuse(int error)
    {
        Refusal = error;
        afterCommit.Clear();
    }

    internal int? Refusal { get; private set; }

    internal bool ReplacesDefaultAck { get; private set; }

    internal IReadOnlyList<Node> Replies => replies;

    internal IReadOnlyList<Func<CancellationToken, ValueTask>> AfterCommitActions => afterCommit;
}
