using System.Diagnostics.CodeAnalysis;

namespace Evolution.Client.Stores;

/// <summary>
/// A map of at most <paramref name="capacity"/> entries; the least recently used leaves first. Safe for concurrent use.
/// <see cref="Generation"/> lets a reader see that a commit came between its load and its <see cref="Fill"/>.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> entries = [];
    private readonly LinkedList<(TKey Key, TValue Value)> byUse = new();

    /// <summary>Changes with every <see cref="Set"/>, <see cref="Remove"/> and <see cref="Clear"/>.</summary>
    public long Generation { get; private set; }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var node))
            {
                value = default;
                return false;
            }

            byUse.Remove(node);
            byUse.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>Keeps a loaded value, unless something was written since <paramref name="generation"/>.</summary>
    public void Fill(TKey key, TValue value, long generation)
    {
        lock (gate)
        {
            if (generation == Generation)
                Put(key, value);
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (gate)
        {
            Generation++;
            Put(key, value);
        }
    }

    public void Remove(TKey key)
    {
        lock (gate)
        {
            Generation++;
            if (entries.Remove(key, out var node))
                byUse.Remove(node);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            Generation++;
            entries.Clear();
            byUse.Clear();
        }
    }

    private void Put(TKey key, TValue value)
    {
        if (entries.Remove(key, out var old))
            byUse.Remove(old);
        entries[key] = byUse.AddFirst((key, value));
        if (entries.Count <= capacity)
            return;
        entries.Remove(byUse.Last!.Value.Key);
        byUse.RemoveLast();
    }
}
