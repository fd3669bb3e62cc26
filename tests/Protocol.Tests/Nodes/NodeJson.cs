using System.Text;
using System.Text.Json;
using Evolution.Protocol.Nodes;

namespace Evolution.Protocol.Tests.Nodes;

/// <summary>The form of a node in the vectors, and a text by which two nodes can be compared exactly.</summary>
internal static class NodeJson
{
    public static Node Read(JsonElement json)
    {
        var tag = json.GetProperty("tag").GetString()!;
        var attributes = new NodeAttributes();
        foreach (var pair in json.GetProperty("attributes").EnumerateArray()) attributes.Add(pair[0].GetString()!, pair[1].GetString());
        if (json.TryGetProperty("children", out var children)) return new Node(tag, attributes, [.. children.EnumerateArray().Select(Read)]);
        if (json.TryGetProperty("bytes", out var bytes)) return new Node(tag, attributes, Convert.FromHexString(bytes.GetString()!));
        return json.TryGetProperty("text", out var text) ? new Node(tag, attributes, text.GetString()!) : new Node(tag, attributes);
    }

    /// <summary>Everything that makes up a node. Whether a text content travelled as bytes is left out: it reads as either.</summary>
    public static string Exact(Node node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Node node)
    {
        Quote(text.Append('('), node.Tag);
        foreach (var (key, value) in node.Attributes)
        {
            Quote(text.Append(' '), key);
            Quote(text.Append('='), value);
        }

        if (node.Kind == NodeContentKind.Children)
        {
            text.Append(" [");
            foreach (var child in node.Children) Append(text, child);
            text.Append(']');
        }
        else if (node.HasContent)
        {
            text.Append(' ').Append(Convert.ToHexString(node.Bytes.Span));
        }

        text.Append(')');
    }

    // The length in front makes the form unambiguous whatever the text holds.
    private static void Quote(StringBuilder text, string value) => text.Append(value.Length).Append(':').Append(value);
}
