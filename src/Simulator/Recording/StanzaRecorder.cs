using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Recording;

/// <summary>The newest stanzas of all logged-in companions: at most 32,768 with at most 64 MiB of content.</summary>
internal sealed class StanzaRecorder(TimeProvider time)
{
    private const int Kept = 32_768;
    private const long KeptBytes = 64L << 20;

    private readonly Lock _gate = new();
    private readonly Queue<(RecordedStanza Stanza, long Size)> _newest = new();
    private TaskCompletionSource? _bell;
    private long _bytes;
    private long _seq;

    public void Add(Jid device, StanzaDirection direction, Node node)
    {
        var size = SizeOf(node);
        TaskCompletionSource? bell;
        lock (_gate)
        {
            _newest.Enqueue((new RecordedStanza(++_seq, time.GetUtcNow(), device, direction, node), size));
            _bytes += size;
            while (_newest.Count > Kept || (_bytes > KeptBytes && _newest.Count > 1))
                _bytes -= _newest.Dequeue().Size;
            bell = _bell;
            _bell = null;
        }

        bell?.TrySetResult();
    }

    /// <summary>Ends at the next stanza. Take it before looking.</summary>
    public Task Changed()
    {
        lock (_gate)
            return (_bell ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Stanzas after a number that fit, oldest first.</summary>
    public List<RecordedStanza> After(long after, int limit, Func<RecordedStanza, bool> fits)
    {
        lock (_gate)
            return [.. _newest.Select(entry => entry.Stanza).Where(s => s.Seq > after && fits(s)).Take(limit)];
    }

    public void Clear()
    {
        lock (_gate)
        {
            _newest.Clear();
            _bytes = 0;
        }
    }

    private static long SizeOf(Node node)
    {
        long size = 64;
        foreach (var (key, value) in node.Attributes)
            size += 2 * (key.Length + value.Length);
        if (node.Kind != NodeContentKind.Children)
            return size + node.Bytes.Length;
        foreach (var child in node.Children)
            size += SizeOf(child);
        return size;
    }
}
