using BenchmarkDotNet.Attributes;
using Evolution.Protocol.Nodes;

namespace Evolution.Benchmarks.HotPaths;

/// <summary>A message stanza as it arrives, with 200 encrypted bytes.</summary>
public class NodeCodec
{
    private readonly Node node = new(
        "message",
        new NodeAttributes
        {
            { "from", "5511999990002:3@s.whatsapp.net" },
            { "id", "3EB0C767D097B7C9A1F4" },
            { "type", "text" },
            { "t", "1750000000" },
            { "notify", "Bob" },
            { "sender_lid", "123456789012345@lid" },
        },
        [new Node("enc", new NodeAttributes { { "v", "2" }, { "type", "msg" } }, new byte[200])]);

    private readonly byte[] frame;

    public NodeCodec() => frame = NodeWriter.Encode(node);

    [Benchmark]
    public byte[] Encode() => NodeWriter.Encode(node);

    [Benchmark]
    public Node Decode() => NodeReader.Decode(frame);
}
