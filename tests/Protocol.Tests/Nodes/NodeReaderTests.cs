using System.IO.Compression;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Protocol.Tests.Nodes;

public sealed class NodeReaderTests
{
    // "iq" is the single-byte token 25; "ff 81 5f" is the packed digit 5.
    [Theory]
    [InlineData("", "an empty frame")]
    [InlineData("00", "no node")]
    [InlineData("0000", "an empty list")]
    [InlineData("00f800", "a list of nothing")]
    [InlineData("00f90000", "a long list of nothing")]
    [InlineData("0019", "a string in place of a node")]
    [InlineData("00f80100", "a node without a tag")]
    [InlineData("00f801fc00", "an empty tag")]
    [InlineData("00f80119ff", "bytes after the node")]
    [InlineData("00f9ffff19", "more attributes than bytes")]
    [InlineData("00f80319fc0019", "an attribute without a name")]
    [InlineData("00f801f0", "an unused tag")]
    [InlineData("00f801f4", "an unused tag")]
    [InlineData("00f801ec", "a dictionary without an index")]
    [InlineData("00f80219fcff00", "bytes longer than the frame")]
    [InlineData("00f80219fd0fffff", "bytes longer than the frame")]
    [InlineData("00f80219fe7fffffff", "bytes longer than the frame")]
    [InlineData("00f80219feffffffff", "bytes longer than anything")]
    [InlineData("00f80219f9ffff", "children without end")]
    [InlineData("00f80219ff01c0", "a nibble without meaning")]
    [InlineData("00f80219ff7f", "packed digits longer than the frame")]
    [InlineData("00f80219fa19", "an address cut short")]
    [InlineData("00f80219faff815f00", "an address without a server")]
    [InlineData("00f80219f70001fc00", "a device without a user")]
    [InlineData("00f80219fafaff815f0303", "an address in an address")]
    [InlineData("00f80219f6ff815f000003", "a Messenger address of another server")]
    [InlineData("00f80219f5ff815f0000000003", "an interop address of another server")]
    [InlineData("02", "no zlib stream")]
    [InlineData("0201020304", "no zlib stream")]
    public void Malformed_bytes_are_a_format_error(string hex, string why)
    {
        var error = Record.Exception(() => NodeReader.Decode(Convert.FromHexString(hex)));
        Assert.True(error is NodeFormatException, $"{why}: {error?.GetType().Name ?? "read"}");
    }

    [Fact]
    public void Nesting_is_bounded_on_both_sides()
    {
        Node Nest(int depth)
        {
            var node = new Node("a");
            for (var i = 0; i < depth; i++) node = new Node("a", null, [node]);
            return node;
        }

        var deepest = Nest(NodeWriter.MaxDepth);
        Assert.Equal(NodeJson.Exact(deepest), NodeJson.Exact(NodeReader.Decode(NodeWriter.Encode(deepest))));
        Assert.Throws<NodeFormatException>(() => NodeWriter.Encode(Nest(NodeWriter.MaxDepth + 1)));

        var bytes = new List<byte> { 0 };
        for (var i = 0; i < 100_000; i++) bytes.AddRange([248, 2, 25, 248, 1]);
        Assert.Throws<NodeFormatException>(() => NodeReader.Decode(bytes.ToArray()));
    }

    [Fact]
    public void Attributes_are_bounded_on_both_sides()
    {
        Node With(int count)
        {
            var attributes = new NodeAttributes();
            for (var i = 0; i < count; i++) attributes.Add($"name {i}", "");
            return new Node("iq", attributes);
        }

        Assert.Equal(NodeWriter.MaxAttributes, NodeReader.Decode(NodeWriter.Encode(With(NodeWriter.MaxAttributes))).Attributes.Count);
        Assert.Throws<NodeFormatException>(() => NodeWriter.Encode(With(NodeWriter.MaxAttributes + 1)));
        Assert.Throws<NodeFormatException>(() => NodeReader.Decode(new byte[] { 0, 249, 8, 3, 25 }.Concat(Enumerable.Repeat((byte)25, 5000)).ToArray()));
    }

    [Fact]
    public void A_compressed_frame_may_not_grow_without_end()
    {
        using var target = new MemoryStream();
        target.WriteByte(2);
        using (var zlib = new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i <= NodeReader.MaxInflatedBytes >> 20; i++) zlib.Write(zeros);
        }

        Assert.Contains("inflates", Assert.Throws<NodeFormatException>(() => NodeReader.Decode(target.ToArray())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_frame_cut_short_never_gives_another_node()
    {
        using var target = new MemoryStream();
        target.WriteByte(2);
        var node = new Node("iq", new() { { "id", "a text that is not in the dictionary" } });
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(NodeWriter.Encode(node).AsSpan(1));
        var whole = target.ToArray();
        for (var length = 1; length <= whole.Length; length++)
        {
            Node? read = null;
            var error = Record.Exception(() => read = NodeReader.Decode(whole.AsMemory(0, length)));
            // Near its end the stream has given the whole node before the cut shows; before that it must not.
            if (read is null) Assert.IsType<NodeFormatException>(error);
            else Assert.Equal(NodeJson.Exact(node), NodeJson.Exact(read));
            if (length < whole.Length / 2) Assert.Null(read);
            if (length == whole.Length) Assert.NotNull(read);
        }
    }

    [Fact]
    public void A_compressed_frame_in_the_middle_of_a_buffer_is_read()
    {
        using var target = new MemoryStream();
        target.Write([9, 9, 2]);
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write([248, 1, 25]);
        var length = (int)target.Length;
        target.Write([9, 9]);
        Assert.Equal("iq", NodeReader.Decode(target.ToArray().AsMemory(2, length - 2)).Tag);
    }

    [Fact]
    public void A_text_that_is_not_utf8_costs_the_text_and_not_the_stanza() =>
        Assert.Equal("a�", NodeReader.Decode(Convert.FromHexString("00f80319fc0178fc0261ff"))["x"]);
}
