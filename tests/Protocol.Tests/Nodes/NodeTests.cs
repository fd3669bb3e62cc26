using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Protocol.Tests.Nodes;

public sealed class NodeTests
{
    [Fact]
    public void Attributes_keep_their_order_and_leave_null_out()
    {
        NodeAttributes attributes = new() { { "to", Jid.Status }, { "id", "1" }, { "type", (string?)null }, { "t", "2" }, { "from", default(Jid) }, { "e", "5" }, { "f", "6" } };
        Assert.Equal(["to", "id", "t", "e", "f"], attributes.Select(pair => pair.Key));
        attributes.Add("id", "3");
        Assert.Equal("3", attributes["id"]);
        Assert.Equal(5, attributes.Count);

        var copy = attributes.Copy();
        Assert.True(attributes.Remove("id"));
        Assert.False(attributes.Remove("id"));
        Assert.Equal(["to", "t", "e", "f"], attributes.Select(pair => pair.Key));
        Assert.Null(attributes["id"]);
        Assert.Equal("3", copy["id"]);
    }

    [Fact]
    public void Content_reads_as_text_and_as_bytes()
    {
        Assert.Equal("5"u8.ToArray(), new Node("a", null, "5").Bytes.ToArray());
        Assert.Equal("5", new Node("a", null, "5"u8.ToArray()).Text);
        Assert.Null(new Node("a").Text);
        Assert.Null(new Node("a", null, [new Node("b")]).Text);
        Assert.True(new Node("a", null, [new Node("b")]).Bytes.IsEmpty);
        Assert.False(new Node("a").HasContent);
        Assert.True(new Node("a", null, Array.Empty<Node>()).HasContent);
    }

    [Fact]
    public void Attributes_are_read_by_type_and_nonsense_is_null()
    {
        var node = new Node("a", new() { { "jid", "1:2@lid" }, { "n", "-7" }, { "t", "1700000000" }, { "x", "no" } });
        Assert.Equal(Jid.ForLid("1").WithDevice(2), node.JidOf("jid"));
        Assert.Equal(-7, node.LongOf("n"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700000000), node.TimeOf("t"));
        Assert.Null(node.JidOf("x"));
        Assert.Null(node.LongOf("x"));
        Assert.Null(node.TimeOf("n"));
        Assert.Null(node.TimeOf("absent"));
    }

    [Fact]
    public void Children_are_found_by_tag()
    {
        var node = new Node("a", null, [new Node("b", new() { { "n", "1" } }), new Node("c"), new Node("b", new() { { "n", "2" } })]);
        Assert.Equal("1", node.Child("b")!["n"]);
        Assert.Equal(["1", "2"], node.ChildrenOf("b").Select(child => child["n"]));
        Assert.Null(node.Child("d"));
    }

    [Fact]
    public void The_trace_form_shows_the_length_of_bytes_alone() =>
        Assert.Equal("<a x=\"1\"><b>3 bytes</b><c/></a>", new Node("a", new() { { "x", "1" } }, [new Node("b", null, new byte[3]), new Node("c")]).ToString());

    [Fact]
    public void Every_token_is_written_as_itself_and_read_back()
    {
        foreach (var word in Tokens.Single.Concat(Tokens.Double.SelectMany(dictionary => dictionary)).Where(word => word.Length > 0))
        {
            var bytes = NodeWriter.Encode(new Node(word));
            Assert.InRange(bytes.Length, 4, 5);
            Assert.Equal(word, NodeReader.Decode(bytes).Tag);
        }
    }

    [Theory]
    [InlineData("0123456789-.", 255)]
    [InlineData("0123456789ABCDEF", 251)]
    public void Packed_texts_of_every_length_are_packed_up_to_the_limit(string alphabet, byte tag)
    {
        for (var length = 1; length <= 130; length++)
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(i => alphabet[(i + length - 1) % alphabet.Length]));
            if (text.All(char.IsAsciiDigit) && tag == 251) text = "F" + text[1..];
            var bytes = NodeWriter.Encode(new Node(text));
            Assert.Equal(text, NodeReader.Decode(bytes).Tag);
            if (TokenLookup.TryGet(text, out _, out _)) continue;
            Assert.Equal(length <= NodeTags.MaxPacked ? tag : NodeTags.Binary8, bytes[3]);
        }
    }

    [Theory]
    [InlineData(255, NodeTags.Binary8)]
    [InlineData(256, NodeTags.Binary20)]
    [InlineData((1 << 20) - 1, NodeTags.Binary20)]
    [InlineData(1 << 20, NodeTags.Binary32)]
    public void Bytes_take_the_shortest_length_that_holds_them(int length, byte tag)
    {
        var bytes = NodeWriter.Encode(new Node("iq", null, new byte[length]));
        Assert.Equal(tag, bytes[4]);
        Assert.Equal(length, NodeReader.Decode(bytes).Bytes.Length);
    }
}
