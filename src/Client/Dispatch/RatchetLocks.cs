using System.Runtime.InteropServices;

namespace Evolution.Client.Dispatch;

/// <summary>
/// One lock per session and sender key. Whoever steps a ratchet takes all its locks in one call, which sorts them, and holds them until
/// the commit: two chats that meet the same person never step his session at once, and no two holders wait for each other.
/// Locks exist only while somebody holds or awaits them.
/// </summary>
internal sealed class RatchetLocks
{
    private readonly Lock gate = new();
    private readonly Dictionary<RatchetKey, Entry> entries = [];

    /// <summary>Waits for all the locks; disposing the answer gives them back.</summary>
    public async ValueTask<IDisposable> AcquireAsync(IEnumerable<RatchetKey> keys, CancellationToken ct)
    {
        var sorted = Sort(keys);
        var taken = new List<RatchetKey>(sorted.Length);
        try
        {
            foreach (var key in sorted)
            {
                var turn = Enter(key);
                try
                {
                    await turn.WaitAsync(ct).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    Leave(key, owns: false);
                    throw;
                }

                taken.Add(key);
            }
        }
        catch
        {
            Release(taken);
            throw;
        }

        return new Holding(this, taken);
    }

    /// <summary>Takes all the locks if none of them is held by another; null otherwise, with none taken.</summary>
    public IDisposable? TryAcquire(IEnumerable<RatchetKey> keys)
    {
        var sorted = Sort(keys);
        lock (gate)
        {
            if (sorted.Any(entries.ContainsKey))
                return null;
            foreach (var key in sorted)
                entries[key] = new Entry(new SemaphoreSlim(0, 1)) { Users = 1 };
        }

        return new Holding(this, sorted);
    }

    private SemaphoreSlim Enter(RatchetKey key)
    {
        lock (gate)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, key, out var exists);
            if (!exists)
                entry = new Entry(new SemaphoreSlim(1, 1));
            entry!.Users++;
            return entry.Turn;
        }
    }

    private void Leave(RatchetKey key, bool owns)
    {
        lock (gate)
        {
            var entry = entries[key];
            if (owns)
                entry.Turn.Release();
            if (--entry.Users > 0)
                return;
            entries.Remove(key);
            entry.Turn.Dispose();
        }
    }

    private void Release(IReadOnlyList<RatchetKey> keys)
    {
        foreach (var key in keys)
            Leave(key, owns: true);
    }

    private static RatchetKey[] Sort(IEnumerable<RatchetKey> keys)
    {
        var sorted = keys.Distinct().ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private sealed class Entry(SemaphoreSlim turn)
    {
        public SemaphoreSlim Turn { get; } = turn;

        public int Users { get; set; }
    }

    private sealed class Holding(RatchetLocks owner, IReadOnlyList<RatchetKey> keys) : IDisposable
    {
        private IReadOnlyList<RatchetKey>? held = keys;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref held, null) is { } mine)
                owner.Release(mine);
        }
    }
}
