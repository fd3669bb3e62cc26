using CsCheck;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Protocol.Tests.Nodes;

[Trait("Part", "properties")]
public sealed class NodePropertyTests
{
    private static readonly Gen<string> Digits = Gen.Char['0', '9'].Array[1, 20].Select(chars => new string(chars));

    private static readonly Gen<string> Token = Gen.Select(Gen.Int[-1, 3], Gen.Int[1, 255], (dictionary, index) =>
    {
        var table = dictionary < 0 ? Tokens.Single : Tokens.Double[dictionary];
        return table[1 + (index % (table.Length - 1))];
    });

    private static readonly Gen<string> Address = Gen.OneOf(
        Gen.Select(Digits, Gen.Int[0, 300], Of("s.whatsapp.net", "lid", "hosted", "hosted.lid", "msgr", "g.us", "c.us"),
            (user, device, server) => device == 0 ? $"{user}@{server}" : $"{user}:{device}@{server}"),
        Gen.Select(Digits, Gen.UShort, Gen.UShort, (user, device, integrator) => $"{integrator}-{user}:{device}@interop"),
        Of("@s.whatsapp.net", "@g.us", "status@broadcast", "@", "a@", "a@b@c", ":@lid", "_:1@lid", ":1@msgr", "@interop", "1-@interop", "@hosted"));

    private static readonly Gen<string> Text = Gen.Frequency(
        (3, Token),
        (2, Address),
        (1, Digits),
        (1, Gen.OneOf(Gen.Char['0', '9'], Gen.Char['A', 'F'], Of('-', '.')).Array[1, 140].Select(chars => new string(chars))),
        (1, Gen.Char[' ', '~'].Array[0, 12].Select(chars => new string(chars))),
        (1, Of('é', '日', ' ').Array[0, 300].Select(chars => new string(chars))));

    private static readonly Gen<Node> Nodes = Gen.Recursive<Node>((depth, child) =>
    {
        var head = Gen.Select(Text.Where(tag => tag.Length > 0), Gen.Select(Text.Where(name => name.Length > 0), Text).Array[0, 3], (tag, pairs) =>
        {
            var attributes = new NodeAttributes();
            foreach (var (name, value) in pairs) attributes.Add(name, value);
            return (tag, attributes);
        });
        var leaf = Gen.OneOf(
            head.Select(h => new Node(h.tag, h.attributes)),
            Gen.Select(head, Text, (h, text) => new Node(h.tag, h.attributes, text)),
            Gen.Select(head, Gen.Byte.Array[0, 30], (h, bytes) => new Node(h.tag, h.attributes, bytes)));
        return depth >= 4 ? leaf : Gen.Frequency((3, leaf), (1, Gen.Select(head, child.Array[0, 3], (h, children) => new Node(h.tag, h.attributes, children))));
    });

    [Fact]
    public void Every_node_reads_back_as_it_was_written() => Nodes.Sample(
        node => Assert.Equal(NodeJson.Exact(node), NodeJson.Exact(NodeReader.Decode(NodeWriter.Encode(node)))), iter: PropertyCases.Count);

    [Fact]
    public void Any_bytes_give_a_node_or_a_format_error() => Gen.Byte.Array[0, 60].Sample(bytes => Decode(bytes), iter: PropertyCases.Count);

    [Fact]
    public void Any_list_bytes_give_a_node_or_a_format_error() =>
        Gen.OneOf(Of<byte>(0, 2, 236, 239, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255), Gen.Byte[0, 8]).Array[0, 60]
            .Sample(bytes => Decode([0, 248, .. bytes]), iter: PropertyCases.Count);

    [Fact]
    public void A_damaged_node_gives_a_node_or_a_format_error() => Gen.Select(Nodes, Gen.Int[0, int.MaxValue], Gen.Byte, Gen.Bool).Sample(
        (node, position, value, cut) =>
        {
            var bytes = NodeWriter.Encode(node);
            position %= bytes.Length;
            bytes[position] = value;
            Decode(cut ? bytes[..position] : bytes);
        },
        iter: PropertyCases.Count);

    [Fact]
    public void A_cut_node_is_never_read() => Nodes.Sample(
        node =>
        {
            var bytes = NodeWriter.Encode(node);
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<NodeFormatException>(() => NodeReader.Decode(bytes.AsMemory(0, length)));
        },
        iter: Math.Max(200, PropertyCases.Count / 200));

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // Whatever else is thrown fails the sample, which prints its seed.
    private static void Decode(byte[] bytes)
    {
        try
        {
            Assert.NotEmpty(NodeReader.Decode(bytes).Tag);
        }
        catch (NodeFormatException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
