using Evolution.Proto.Signal;
using Evolution.Protocol.Nodes;
using Google.Protobuf;

namespace Evolution.Simulator.Faults;

/// <summary>Spoils what is encrypted in a message, so that its MAC or signature does not hold.</summary>
internal static class Ciphertexts
{
    public static bool Has(Node node) => node.Tag == "message" && Encs(node).Any();

    public static Node Corrupt(Node node) => node.Tag switch
    {
        "enc" => new Node("enc", node.Attributes, Spoil(node.Bytes.ToArray(), node["type"])),
        "message" or "participants" or "to" when node.Children.Count > 0 => new Node(node.Tag, node.Attributes, [.. node.Children.Select(Corrupt)]),
        _ => node,
    };

    private static IEnumerable<Node> Encs(Node message) => message.ChildrenOf("enc")
        .Concat((message.Child("participants")?.ChildrenOf("to") ?? []).SelectMany(to => to.ChildrenOf("enc")))
        .Where(enc => enc.Bytes.Length > 1);

    /// <summary>Every kind ends in its MAC or signature, except that a pre-key message wraps the one that does.</summary>
    private static byte[] Spoil(byte[] bytes, string? type)
    {
        if (bytes.Length < 2)
            return bytes;
        if (type != "pkmsg")
        {
            bytes[^1] ^= 1;
            return bytes;
        }

        var outer = PreKeySignalMessage.Parser.ParseFrom(bytes.AsSpan(1));
        var inner = outer.Message.ToByteArray();
        if (inner.Length > 0)
            inner[^1] ^= 1;
        outer.Message = ByteString.CopyFrom(inner);
        return [bytes[0], .. outer.ToByteArray()];
    }
}
