using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>nodes.json: stanzas and their bytes.</summary>
[Trait("Part", "vectors")]
public sealed class KnownNodesTests
{
    private const string File = "nodes.json";

    // A frame of a few bytes may cost some objects, not what its length fields promise.
    private const long MostAllocated = 1 << 20;

    [Theory]
    [KnownCases(File, "cases")]
    public void A_stanza_is_written_to_the_byte(KnownCase row) =>
        Assert.Equal(row.Text("bytes"), Convert.ToHexStringLower(NodeWriter.Encode(Read(row.Json.GetProperty("node")))));

    [Theory]
    [KnownCases(File, "cases")]
    [KnownCases(File, "decode_only")]
    public void A_frame_is_read(KnownCase row)
    {
        var expected = Read(row.Json.GetProperty(row.Has("decoded") ? "decoded" : "node"));
        Assert.Equal(Describe(expected), Describe(NodeReader.Decode(row.Hex("bytes"))));
    }

    [Theory]
    [KnownCases(File, "large")]
    public void A_large_content_is_written_and_read(KnownCase row)
    {
        var content = new byte[row.Json.GetProperty("length").GetInt32()];
        Array.Fill(content, row.Hex("byte")[0]);

        var frame = NodeWriter.Encode(new Node(row.Text("tag"), null, content));

        Assert.StartsWith(row.Text("prefix"), Convert.ToHexStringLower(frame.AsSpan(0, 16)), StringComparison.Ordinal);
        Assert.Equal(row.Text("frame_sha256"), Convert.ToHexStringLower(SHA256.HashData(frame)));
        Assert.True(NodeReader.Decode(frame).Bytes.Span.SequenceEqual(content));
    }

    [Theory]
    [KnownCases(File, "refuse")]
    public void A_malformed_frame_is_refused_and_costs_little(KnownCase row)
    {
        var frame = row.Hex("bytes");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Record.Exception(() => NodeReader.Decode(frame));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        if (error is not null || !row.Text("must").StartsWith("either", StringComparison.Ordinal))
            Assert.IsType<NodeFormatException>(error);
        Assert.InRange(allocated, 0, MostAllocated);
    }

    private static Node Read(JsonElement json)
    {
        var attributes = new NodeAttributes();
        if (json.TryGetProperty("attrs", out var pairs))
        {
            foreach (var pair in pairs.EnumerateArray())
                attributes.Add(pair[0].GetString()!, pair[1].GetString());
        }

        var tag = json.Text("tag");
        if (!json.TryGetProperty("content", out var content))
            return new Node(tag, attributes);
        if (content.TryGetProperty("nodes", out var nodes))
            return new Node(tag, attributes, [.. nodes.EnumerateArray().Select(Read)]);
        return content.TryGetProperty("bytes", out _) ? new Node(tag, attributes, content.Hex("bytes")) : new Node(tag, attributes, content.Text("string"));
    }

    // Unlike NodeJson.Exact this also says whether a content is text or bytes.
    private static string Describe(Node node)
    {
        var text = new StringBuilder(node.Tag);
        foreach (var (key, value) in node.Attributes)
            text.Append(' ').Append(key).Append('=').Append(JsonSerializer.Serialize(value));
        return node.Kind switch
        {
            NodeContentKind.Children => text.Append(" [").AppendJoin(", ", node.Children.Select(Describe)).Append(']').ToString(),
            NodeContentKind.Bytes => text.Append(" bytes ").Append(Convert.ToHexString(node.Bytes.Span)).ToString(),
            NodeContentKind.Text => text.Append(" text ").Append(JsonSerializer.Serialize(node.Text)).ToString(),
            _ => text.ToString(),
        };
    }
}
