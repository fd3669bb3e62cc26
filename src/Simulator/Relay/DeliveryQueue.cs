using System.Runtime.InteropServices;

namespace Evolution.Simulator.Relay;

/// <summary>
/// What waits for one device, in order, and its one consumer: a connection, or the phone itself. Entries stay until settled; a consumer that
/// attaches gets all of them again. The oldest are in memory, at most <see cref="MostInMemory"/>; of what came later only the place in the file.
/// </summary>
internal sealed class DeliveryQueue
{
    /// <summary>How many stanzas are in memory. A consumer that acknowledges nothing gets no more than these.</summary>
    public const int MostInMemory = 2048;

    private const int ReadAtOnce = 128;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, QueuedStanza> _waiting = [];
    private readonly Dictionary<string, List<QueuedStanza>> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byTag = new(StringComparer.Ordinal);
    private readonly Queue<QueuedStanza> _pending = new();
    private readonly Queue<long> _onDisk = new();
    private object? _consumer;
    private Feed _feed;
    private OfflineRun? _offline;

    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count + _onDisk.Count;
        }
    }

    /// <summary>How many left on the present connection and are not acknowledged.</summary>
    public int Unacked
    {
        get
        {
            lock (_gate)
                return _waiting.Values.Count(e => e.Sent);
        }
    }

    /// <summary>How many are in memory.</summary>
    public int InMemory
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>A stanza that is in the file now.</summary>
    public void Add(QueuedStanza entry)
    {
        Action? wake;
        lock (_gate)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_byTag, entry.Node.Tag, out _)++;
            if (_onDisk.Count > 0 || _waiting.Count >= MostInMemory)
                _onDisk.Enqueue(entry.Seq);
            else
                Keep(entry);
            wake = _feed.Wake;
        }

        wake?.Invoke();
    }

    /// <summary>Makes <paramref name="consumer"/> the one that gets the stanzas, all waiting ones first.</summary>
    /// <param name="consumer">Who asks for <see cref="Next"/>.</param>
    /// <param name="feed">How it is told, and how stanzas are read that are on disk only.</param>
    /// <param name="frame">Gets the number of waiting stanzas by tag; returns how they are handed out. Null hands them out like those that come later.</param>
    public void Attach(object consumer, Feed feed, Func<IReadOnlyDictionary<string, int>, OfflineRun>? frame = null)
    {
        lock (_gate)
        {
            _consumer = consumer;
            _feed = feed;
            Rewind();
            _offline = frame?.Invoke(_byTag);
            if (_offline is { } run)
            {
                run.Left = _waiting.Count + _onDisk.Count;
                run.OnDisk = _onDisk.Count;
            }

            foreach (var entry in _waiting.Values)
            {
                entry.Offline = _offline is not null;
                _pending.Enqueue(entry);
            }
        }

        feed.Wake();
    }

    /// <summary>Stops giving stanzas to <paramref name="consumer"/>; nothing happens when another one has taken over.</summary>
    public void Detach(object consumer)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_consumer, consumer))
                return;
            _consumer = null;
            _feed = default;
            Rewind();
        }
    }

    /// <summary>Hands out at most so many offline stanzas before some are acknowledged.</summary>
    public void SetPage(object consumer, int page)
    {
        Action? wake = null;
        lock (_gate)
        {
            if (ReferenceEquals(_consumer, consumer) && _offline is { } run)
            {
                run.Page = page;
                wake = _feed.Wake;
            }
        }

        wake?.Invoke();
    }

    public QueuedStanza? Next(object consumer)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_consumer, consumer))
                return null;
            while (true)
            {
                if (_offline?.TakeMarker() is { } marker)
                    return new QueuedStanza(0, marker);
                if (_offline is { IsPageOut: true } || (_pending.Count == 0 && !Read()))
                    return null;
                var entry = _pending.Dequeue();
                if (entry.Offline)
                    _offline!.Left--;
                if (entry.Settled)
                    continue;
                entry.Sent = true;
                if (entry.Offline)
                    _offline!.Out++;
                return entry;
            }
        }
    }

    /// <summary>Whether <see cref="Next"/> would give something.</summary>
    public bool HasNext(object consumer)
    {
        lock (_gate)
            return ReferenceEquals(_consumer, consumer) && CanGoOn();
    }

    /// <summary>Takes out the entries with this id that <paramref name="match"/> accepts.</summary>
    public List<QueuedStanza> Settle(string id, Func<QueuedStanza, bool> match)
    {
        List<QueuedStanza> settled;
        Action? wake;
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var same))
                return [];
            settled = same.FindAll(e => match(e));
            foreach (var entry in settled)
                Remove(entry);
            wake = CanGoOn() ? _feed.Wake : null;
        }

        wake?.Invoke();
        return settled;
    }

    public void Settle(QueuedStanza entry)
    {
        lock (_gate)
        {
            if (!entry.Settled)
                Remove(entry);
        }
    }

    private bool CanGoOn() =>
        _offline is not { IsPageOut: true } && (_pending.Count > 0 || (_onDisk.Count > 0 && _waiting.Count < MostInMemory));

    /// <summary>Nothing has left on the connection that comes next, if any.</summary>
    private void Rewind()
    {
        _pending.Clear();
        _offline = null;
        foreach (var entry in _waiting.Values)
            entry.Sent = entry.Offline = false;
    }

    private void Keep(QueuedStanza entry)
    {
        _waiting.Add(entry.Seq, entry);
        if (entry.Node["id"] is { } id)
        {
            ref var same = ref CollectionsMarshal.GetValueRefOrAddDefault(_byId, id, out _);
            (same ??= []).Add(entry);
        }

        if (_consumer is not null)
            _pending.Enqueue(entry);
    }

    // Under the lock, so that what is added meanwhile queues behind. A page is a few lookups by primary key; only this device's stanzas wait for it.
    private bool Read()
    {
        var seqs = new List<long>(ReadAtOnce);
        while (seqs.Count < Math.Min(ReadAtOnce, MostInMemory - _waiting.Count) && _onDisk.TryDequeue(out var seq))
            seqs.Add(seq);
        if (seqs.Count == 0)
            return false;
        foreach (var entry in _feed.Read(seqs))
        {
            entry.Offline = _offline is { OnDisk: > 0 };
            if (entry.Offline)
                _offline!.OnDisk--;
            Keep(entry);
        }

        return true;
    }

    private void Remove(QueuedStanza entry)
    {
        entry.Settled = true;
        _waiting.Remove(entry.Seq);
        _byTag[entry.Node.Tag]--;
        if (entry is { Offline: true, Sent: true } && _offline is { } run)
            run.Out--;
        if (entry.Node["id"] is not { } id || !_byId.TryGetValue(id, out var same))
            return;
        same.Remove(entry);
        if (same.Count == 0)
            _byId.Remove(id);
    }

    /// <summary>What a consumer brings along.</summary>
    /// <param name="Wake">Called when <see cref="Next"/> may give something; must not block.</param>
    /// <param name="Read">Reads stanzas by their places, in that order.</param>
    public readonly record struct Feed(Action Wake, Func<IReadOnlyList<long>, IReadOnlyList<QueuedStanza>> Read);
}
