using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.Relay;

/// <summary>A stanza that waits until its device acknowledges it.</summary>
internal sealed class QueuedStanza(long seq, Node node)
{
    /// <summary>Place in the order over all queues; 0 for a marker that needs no acknowledgement.</summary>
    public long Seq { get; } = seq;

    public Node Node { get; } = node;

    /// <summary>Waited since before the device became active.</summary>
    public bool Offline { get; set; }

    public bool Settled { get; set; }

    /// <summary>Has left on the present connection.</summary>
    public bool Sent { get; set; }
}
