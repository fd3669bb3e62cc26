using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Evolution.Protocol.Jids;

namespace Evolution.Protocol.Nodes;

/// <summary>A node's attributes in the order in which they were added. Few per node, so lookups scan.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The plural is the field's own word.")]
public sealed class NodeAttributes : IReadOnlyCollection<KeyValuePair<string, string>>
{
    private KeyValuePair<string, string>[] _items;

    /// <summary>No attributes yet.</summary>
    public NodeAttributes() => _items = [];

    /// <summary>Room for so many attributes.</summary>
    public NodeAttributes(int capacity) => _items = capacity == 0 ? [] : new KeyValuePair<string, string>[capacity];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>The attribute's value, or null when it is absent.</summary>
    public string? this[string name]
    {
        get
        {
            var i = IndexOf(name);
            return i < 0 ? null : _items[i].Value;
        }
    }

    /// <summary>Adds an attribute; null leaves it out. A name that is there already gets the new value.</summary>
    public void Add(string name, string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (value is null) return;
        var i = IndexOf(name);
        if (i < 0)
        {
            if (Count == _items.Length) Array.Resize(ref _items, Math.Max(4, Count * 2));
            i = Count++;
        }

        _items[i] = new(name, value);
    }

    /// <summary>Adds a JID attribute; null or the empty JID leaves it out.</summary>
    public void Add(string name, Jid? value) => Add(name, value is { IsEmpty: false } jid ? jid.ToString() : null);

    /// <summary>A copy that can be changed on its own.</summary>
    public NodeAttributes Copy()
    {
        var copy = new NodeAttributes(Count + 2);
        Array.Copy(_items, copy._items, Count);
        copy.Count = Count;
        return copy;
    }

    /// <summary>Takes an attribute away; says whether it was there.</summary>
    public bool Remove(string name)
    {
        var i = IndexOf(name);
        if (i < 0) return false;
        Count--;
        Array.Copy(_items, i + 1, _items, i, Count - i);
        _items[Count] = default;
        return true;
    }

    /// <inheritdoc cref="IEnumerable{T}.GetEnumerator"/>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<KeyValuePair<string, string>> IEnumerable<KeyValuePair<string, string>>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
            if (_items[i].Key == name) return i;
        return -1;
    }

    /// <summary>Walks through the attributes in their order, without an allocation in a <c>foreach</c>.</summary>
    [SuppressMessage("Performance", "CA1815", Justification = "Enumerators are not compared.")]
    public struct Enumerator : IEnumerator<KeyValuePair<string, string>>
    {
        private readonly NodeAttributes _attributes;
        private int _position;

        internal Enumerator(NodeAttributes attributes)
        {
            _attributes = attributes;
            _position = -1;
        }

        /// <inheritdoc/>
        public readonly KeyValuePair<string, string> Current => _attributes._items[_position];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_position < _attributes.Count;

        /// <inheritdoc/>
        public void Reset() => _position = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
