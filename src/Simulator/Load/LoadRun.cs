using System.Collections.Concurrent;

namespace Evolution.Simulator.Load;

/// <summary>Counts of one load: what was sent, and what companions said of it.</summary>
internal sealed class LoadRun(string id, int count, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, long> _sentAt = new(StringComparer.Ordinal);
    private readonly HashSet<string> _retried = new(StringComparer.Ordinal);
    private readonly List<double> _latencies = [];
    private readonly long _started = time.GetTimestamp();
    private long _ended;
    private int _sent;
    private int _acked;

    public string Id { get; } = id;

    public int Count { get; } = count;

    /// <summary>"running", "done" or "stopped" (by a reset or DELETE) or "failed".</summary>
    public string State { get; private set; } = "running";

    public int Sent => Volatile.Read(ref _sent);

    public int Acked => Volatile.Read(ref _acked);

    public int Delivered
    {
        get
        {
            lock (_gate)
                return _latencies.Count;
        }
    }

    public int Undecryptable
    {
        get
        {
            lock (_gate)
                return _retried.Count;
        }
    }

    public TimeSpan Elapsed => time.GetElapsedTime(_started, State != "running" && Volatile.Read(ref _ended) is not 0 and var ended ? ended : time.GetTimestamp());

    public void Sending(string messageId)
    {
        _sentAt[messageId] = time.GetTimestamp();
        Interlocked.Increment(ref _sent);
    }

    public void Acknowledged() => Interlocked.Increment(ref _acked);

    /// <summary>A companion confirmed the message, or asked for it again.</summary>
    public void Confirm(string messageId, bool retry)
    {
        if (retry)
        {
            if (!_sentAt.ContainsKey(messageId))
                return;
            lock (_gate)
                _retried.Add(messageId);
        }
        else if (_sentAt.TryRemove(messageId, out var sentAt))
        {
            lock (_gate)
            {
                _latencies.Add(time.GetElapsedTime(sentAt).TotalMilliseconds);
                Volatile.Write(ref _ended, time.GetTimestamp());
            }
        }
    }

    public void End(string state)
    {
        lock (_gate)
        {
            State = state;
            if (_ended == 0 || state != "done")
                Volatile.Write(ref _ended, time.GetTimestamp());
        }
    }

    /// <summary>From sending to the first companion's receipt, in milliseconds; null when nothing was delivered.</summary>
    public double? Percentile(double share)
    {
        lock (_gate)
        {
            if (_latencies.Count == 0)
                return null;
            var sorted = _latencies.ToArray();
            Array.Sort(sorted);
            return Math.Round(sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)], 2);
        }
    }
}
