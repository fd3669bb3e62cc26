using Evolution.Protocol.Jids;
using Microsoft.Extensions.Logging;

namespace Evolution.Simulator;

/// <summary>What clients did wrong since the start or the last reset: at most the newest 10,000, with the count of all.</summary>
public sealed class ViolationList
{
    private const int Kept = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<Violation> _newest = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private long _count;

    internal ViolationList(TimeProvider time, ILogger log)
    {
        _time = time;
        _log = log;
    }

    /// <summary>How many there were, those no longer kept included.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    public Violation[] Snapshot()
    {
        lock (_gate)
            return [.. _newest];
    }

    internal void Report(string code, string message, Jid? device = null, string? stanzaId = null)
    {
        lock (_gate)
        {
            _newest.Enqueue(new Violation(++_count, _time.GetUtcNow(), code, message, device, stanzaId));
            if (_newest.Count > Kept)
                _newest.Dequeue();
        }

        SimulatorLog.Violation(_log, code, message, stanzaId);
    }

    internal void Clear()
    {
        lock (_gate)
        {
            _newest.Clear();
            _count = 0;
        }
    }
}
