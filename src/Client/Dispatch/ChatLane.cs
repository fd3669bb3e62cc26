using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Dispatch;

/// <summary>The stanzas of one chat that wait their turn. Not safe for concurrent use: the router holds its lock.</summary>
internal sealed class ChatLane(Jid chat)
{
    /// <summary>Ten of the server's offline batches.</summary>
    public const int Capacity = 1024;

    private readonly Queue<Node> waiting = new();

    public Jid Chat { get; } = chat;

    /// <summary>Whether stanzas were turned away. From then on all are, until the connection is renewed: none may overtake those.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Whether a task is handling this lane.</summary>
    public bool IsActive { get; set; }

    public int Count => waiting.Count;

    public bool TryEnqueue(Node node, bool roomElsewhere)
    {
        if (Overflowed || waiting.Count >= Capacity || !roomElsewhere)
        {
            Overflowed = true;
            return false;
        }

        waiting.Enqueue(node);
        return true;
    }

    public List<Node> Take(int most)
    {
        var taken = new List<Node>(Math.Min(most, waiting.Count));
        while (taken.Count < most && waiting.TryDequeue(out var node))
            taken.Add(node);
        return taken;
    }
}
