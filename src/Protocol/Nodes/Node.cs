using System.Globalization;
using System.Text;
using Evolution.Protocol.Jids;

namespace Evolution.Protocol.Nodes;

/// <summary>
/// A stanza or a part of one: a tag, attributes, and children, bytes, a text or nothing as content.
/// The same content may come as bytes or as text (a server packs short ones), so both can be read either way.
/// </summary>
public sealed class Node
{
    private readonly IReadOnlyList<Node>? _children;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string? _text;

    /// <summary>A node with neither attributes nor content.</summary>
    public Node(string tag)
        : this(tag, (NodeAttributes?)null)
    {
    }

    /// <summary>A node without content.</summary>
    public Node(string tag, NodeAttributes? attributes)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        Tag = tag;
        Attributes = attributes ?? [];
    }

    /// <summary>A node with children; an empty list is written as such, which differs from no content.</summary>
    public Node(string tag, NodeAttributes? attributes, IReadOnlyList<Node> children)
        : this(tag, attributes)
    {
        ArgumentNullException.ThrowIfNull(children);
        _children = children;
        Kind = NodeContentKind.Children;
    }

    /// <summary>A node with bytes.</summary>
    public Node(string tag, NodeAttributes? attributes, ReadOnlyMemory<byte> bytes)
        : this(tag, attributes)
    {
        _bytes = bytes;
        Kind = NodeContentKind.Bytes;
    }

    /// <inheritdoc cref="Node(string, NodeAttributes?, ReadOnlyMemory{byte})"/>
    public Node(string tag, NodeAttributes? attributes, byte[] bytes)
        : this(tag, attributes, (ReadOnlyMemory<byte>)bytes)
    {
    }

    /// <summary>A node with a text, which may travel as a token, packed, or as bytes.</summary>
    public Node(string tag, NodeAttributes? attributes, string text)
        : this(tag, attributes)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
        Kind = NodeContentKind.Text;
    }

    /// <summary>The node's name.</summary>
    public string Tag { get; }

    /// <summary>The node's attributes.</summary>
    public NodeAttributes Attributes { get; }

    /// <summary>What the content is.</summary>
    public NodeContentKind Kind { get; }

    /// <summary>Whether there is content; an empty list of children is content.</summary>
    public bool HasContent => Kind != NodeContentKind.None;

    /// <summary>The children; empty when the content is something else.</summary>
    public IReadOnlyList<Node> Children => _children ?? [];

    /// <summary>The content as bytes; a text gives its UTF-8. Empty when there is none.</summary>
    public ReadOnlyMemory<byte> Bytes => _text is null ? _bytes : Encoding.UTF8.GetBytes(_text);

    /// <summary>The content as text; bytes are read as UTF-8. Null when there is none.</summary>
    public string? Text => Kind switch
    {
        NodeContentKind.Text => _text,
        NodeContentKind.Bytes => Encoding.UTF8.GetString(_bytes.Span),
        _ => null,
    };

    /// <summary>The attribute's value, or null when it is absent.</summary>
    public string? this[string attribute] => Attributes[attribute];

    /// <summary>The first child with the tag, or null.</summary>
    public Node? Child(string tag)
    {
        foreach (var child in Children)
            if (child.Tag == tag) return child;
        return null;
    }

    /// <summary>The children with the tag.</summary>
    public IEnumerable<Node> ChildrenOf(string tag)
    {
        foreach (var child in Children)
            if (child.Tag == tag) yield return child;
    }

    /// <summary>The attribute as a JID; null when it is absent or no JID.</summary>
    public Jid? JidOf(string attribute) => Jid.TryParse(this[attribute], out var jid) ? jid : null;

    /// <summary>The attribute as a whole number; null when it is absent or none.</summary>
    public long? LongOf(string attribute) =>
        long.TryParse(this[attribute], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>The attribute as Unix seconds; null when it is absent or out of range.</summary>
    public DateTimeOffset? TimeOf(string attribute) =>
        LongOf(attribute) is >= 0 and <= 253402300799 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>An XML-like form for traces; bytes show their length alone.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        text.Append('<').Append(Tag);
        foreach (var (key, value) in Attributes) text.Append(' ').Append(key).Append("=\"").Append(value).Append('"');
        if (!HasContent)
        {
            text.Append("/>");
            return;
        }

        text.Append('>');
        if (Kind == NodeContentKind.Text) text.Append(_text);
        else if (Kind == NodeContentKind.Bytes) text.Append(_bytes.Length).Append(" bytes");
        else foreach (var child in Children) child.Append(text);
        text.Append("</").Append(Tag).Append('>');
    }
}
