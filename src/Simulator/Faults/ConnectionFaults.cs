using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>What faults have done to one connection.</summary>
internal sealed class ConnectionFaults
{
    private volatile Node? _last;

    /// <summary>A stanza to the client that waits for the next one to overtake it.</summary>
    public Node? Held { get; set; }

    /// <summary>Whether the stream is over for this stanza: a last word was said, and this is not it.</summary>
    public bool IsOver(Node node) => _last is { } last && !ReferenceEquals(last, node);

    /// <summary>Says a last word and closes.</summary>
    public void End(ServerConnection connection, Node last)
    {
        _last = last;
        connection.Finish(last, "a fault was asked for");
    }
}
