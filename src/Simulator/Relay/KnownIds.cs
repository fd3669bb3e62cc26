using Evolution.Simulator.Store;

namespace Evolution.Simulator.Relay;

/// <summary>Ids of the messages that went through here: the newest 262,144 in memory, those that a phone has also in the file.</summary>
internal sealed class KnownIds(SimulatorStore store)
{
    private const int Kept = 1 << 18;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Add(string id)
    {
        lock (_gate)
        {
            if (!_ids.Add(id))
                return;
            _order.Enqueue(id);
            if (_order.Count > Kept)
                _ids.Remove(_order.Dequeue());
        }
    }

    public bool Contains(string id)
    {
        lock (_gate)
        {
            if (_ids.Contains(id))
                return true;
        }

        return store.Query("SELECT 1 FROM messages WHERE id = ?1 LIMIT 1", row => row.GetInt64(0), id).Count > 0;
    }
}
