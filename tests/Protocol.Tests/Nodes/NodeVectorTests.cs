using System.Text.Json;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Tests.Vectors;
using Xunit;

namespace Evolution.Protocol.Tests.Nodes;

/// <summary>Bytes that unmodified Baileys wrote or read (tools/vectors/nodes.mjs).</summary>
public sealed class NodeVectorTests
{
    private static readonly JsonElement Root = VectorFile.Read("nodes.json");

    public static TheoryData<string> Written => [.. Names("written")];

    public static TheoryData<string> Read => [.. Names("read")];

    [Theory]
    [MemberData(nameof(Written))]
    public void Write_gives_the_bytes_of_Baileys(string name)
    {
        var vector = Find("written", name);
        Assert.Equal(vector.Text("bytes"), Convert.ToHexStringLower(NodeWriter.Encode(NodeJson.Read(vector.GetProperty("node")))));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Decode_reads_what_Baileys_wrote(string name)
    {
        var vector = Find("written", name);
        var expected = NodeJson.Read(vector.TryGetProperty("reads", out var reads) ? reads : vector.GetProperty("node"));
        var node = NodeReader.Decode(vector.Hex("bytes"));
        Assert.Equal(NodeJson.Exact(expected), NodeJson.Exact(node));
        Assert.Equal(expected.Kind, node.Kind);
    }

    [Theory]
    [MemberData(nameof(Read))]
    public void Decode_reads_what_a_server_may_send_as_Baileys_does(string name)
    {
        var vector = Find("read", name);
        Assert.Equal(NodeJson.Exact(NodeJson.Read(vector.GetProperty("node"))), NodeJson.Exact(NodeReader.Decode(vector.Hex("bytes"))));
    }

    private static IEnumerable<string> Names(string kind) => Root.GetProperty(kind).EnumerateArray().Select(vector => vector.Text("name"));

    private static JsonElement Find(string kind, string name) => Root.GetProperty(kind).EnumerateArray().Single(vector => vector.Text("name") == name);
}
