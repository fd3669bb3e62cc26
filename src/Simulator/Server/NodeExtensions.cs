using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.Server;

/// <summary>Stanzas the server builds over and over.</summary>
internal static class NodeExtensions
{
    /// <summary>A copy with one attribute more.</summary>
    public static Node With(this Node node, string attribute, string? value)
    {
        var attributes = new NodeAttributes();
        foreach (var (key, old) in node.Attributes)
        {
            if (key != attribute)
                attributes.Add(key, old);
        }

        attributes.Add(attribute, value);
        return node.Rebuild(attributes);
    }

    /// <summary>A copy with other attributes and the same content.</summary>
    public static Node Rebuild(this Node node, NodeAttributes attributes)
    {
        if (node.Children.Count > 0)
            return new Node(node.Tag, attributes, node.Children);
        return node.HasContent ? new Node(node.Tag, attributes, node.Bytes) : new Node(node.Tag, attributes);
    }

    public static Node Result(this Node iq, params Node[] children)
    {
        var attributes = new NodeAttributes { { "from", Jid.WhatsAppServer }, { "type", "result" }, { "id", iq["id"] } };
        return children.Length == 0 ? new Node("iq", attributes) : new Node("iq", attributes, children);
    }

    public static Node Error(this Node iq, int code, string text) => new("iq",
        new NodeAttributes { { "from", Jid.WhatsAppServer }, { "type", "error" }, { "id", iq["id"] } },
        [new Node("error", new NodeAttributes { { "code", code.ToString() }, { "text", text } })]);

    /// <param name="code">null for an error that only its detail names, such as a replaced connection.</param>
    public static Node StreamError(int? code, Node? detail = null)
    {
        var attributes = new NodeAttributes { { "code", code?.ToString() } };
        return detail is null ? new Node("stream:error", attributes) : new Node("stream:error", attributes, [detail]);
    }

    public static Node Conflict(string type) => new("conflict", new NodeAttributes { { "type", type } });

    public static Node Failure(int reason) =>
        new("failure", new NodeAttributes { { "reason", reason.ToString() }, { "location", "rva" } });

    /// <summary>Big-endian bytes of an id, as key ids travel.</summary>
    public static byte[] BigEndian(uint value, int bytes)
    {
        var result = new byte[bytes];
        for (var i = bytes - 1; i >= 0; i--, value >>= 8)
            result[i] = (byte)value;
        return result;
    }

    public static uint BigEndian(this ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > 4)
            throw new NodeFormatException($"A number of {bytes.Length} bytes.");
        uint value = 0;
        foreach (var b in bytes.Span)
            value = (value << 8) | b;
        return value;
    }
}
