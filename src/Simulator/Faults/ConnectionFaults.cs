using System.Collections.Concurrent;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>What faults have done to one connection.</summary>
internal sealed class ConnectionFaults
{
    private sealed record Held(Fault By, StanzaDirection Direction, Node Node)
    {
        /// <summary>How many stanzas have still to overtake it.</summary>
        public required int Left { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly List<Held> _held = [];
    private readonly ConcurrentDictionary<string, byte> _keyRequests = new(StringComparer.Ordinal);
    private volatile Node? _last;

    /// <summary>Whether the stream is over for this stanza: a last word was said, and this is not it.</summary>
    public bool IsOver(Node node) => _last is { } last && !ReferenceEquals(last, node);

    /// <summary>Says a last word and closes.</summary>
    public void End(ServerConnection connection, Node last)
    {
        _last = last;
        connection.Finish(last, "a fault was asked for");
    }

    /// <summary>Keeps a stanza until so many others that the fault could have struck have passed it.</summary>
    public void Hold(Fault by, StanzaDirection direction, Node node, int others)
    {
        lock (_gate)
            _held.Add(new Held(by, direction, node) { Left = others });
    }

    /// <summary>Whether the fault keeps a stanza now; then it lets others pass.</summary>
    public bool Holds(Fault by)
    {
        lock (_gate)
            return _held.Exists(held => held.By == by);
    }

    /// <summary>A stanza passes: what it was the last to overtake.</summary>
    public IReadOnlyList<Node> Overtaken(StanzaDirection direction, Node passing)
    {
        lock (_gate)
        {
            if (_held.Count == 0 || _last is not null)
                return [];
            foreach (var held in _held.Where(held => held.Direction == direction && held.By.Matches(direction, passing)))
                held.Left--;
            var free = _held.Where(held => held.Left <= 0).Select(held => held.Node).ToList();
            _held.RemoveAll(held => held.Left <= 0);
            return free;
        }
    }

    /// <summary>The answer to this request shall lack its one-time keys.</summary>
    public void TakeKeysFromAnswer(Node request)
    {
        if (request["id"] is { } id)
            _keyRequests[id] = 0;
    }

    /// <summary>Whether this is such an answer; once.</summary>
    public bool TakesKeysFrom(Node answer) => answer.Tag == "iq" && answer["id"] is { } id && _keyRequests.TryRemove(id, out _);
}
