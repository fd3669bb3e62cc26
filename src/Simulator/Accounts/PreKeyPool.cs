namespace Evolution.Simulator.Accounts;

/// <summary>The one-time pre-keys a device has left on the server, handed out in the order they were uploaded, each once.</summary>
internal sealed class PreKeyPool
{
    private readonly Lock _gate = new();
    private readonly Queue<PublicPreKey> _keys = new();
    private readonly HashSet<uint> _ids = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _keys.Count;
        }
    }

    /// <summary>Adds a key; false when a key with this id is still waiting.</summary>
    public bool Add(PublicPreKey key)
    {
        lock (_gate)
        {
            if (!_ids.Add(key.Id))
                return false;
            _keys.Enqueue(key);
            return true;
        }
    }

    public PublicPreKey? Take()
    {
        lock (_gate)
        {
            if (!_keys.TryDequeue(out var key))
                return null;
            _ids.Remove(key.Id);
            return key;
        }
    }

    public PublicPreKey[] Snapshot()
    {
        lock (_gate)
            return [.. _keys];
    }

    public void Clear()
    {
        lock (_gate)
        {
            _keys.Clear();
            _ids.Clear();
        }
    }
}
