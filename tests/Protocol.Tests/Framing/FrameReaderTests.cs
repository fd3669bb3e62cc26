using System.Buffers;
using CsCheck;
using Evolution.Protocol.Framing;
using Xunit;

namespace Evolution.Protocol.Tests.Framing;

public sealed class FrameReaderTests
{
    private static readonly byte[][] Payloads = [[1, 2, 3], [], [4], [.. Enumerable.Range(0, 300).Select(i => (byte)i)]];

    [Fact]
    public void A_stream_is_read_whole_at_every_split_position()
    {
        var stream = Stream(Payloads);
        for (var split = 0; split <= stream.Length; split++)
        {
            var reader = new FrameReader();
            reader.Append(stream.AsSpan(0, split));
            var frames = Drain(reader);
            reader.Append(stream.AsSpan(split));
            frames.AddRange(Drain(reader));
            Assert.Equal(Payloads, frames);
        }
    }

    [Fact]
    public void A_stream_is_read_whole_byte_by_byte()
    {
        var reader = new FrameReader();
        var frames = new List<byte[]>();
        foreach (var b in Stream(Payloads))
        {
            reader.Append([b]);
            frames.AddRange(Drain(reader));
        }

        Assert.Equal(Payloads, frames);
    }

    [Fact]
    [Trait("Part", "properties")]
    public void Any_frames_in_any_pieces_come_out_as_they_went_in() => Gen.Select(
        Gen.Byte.Array[0, 700].Array[0, 8], Gen.Int[1, 900].Array[1, 12]).Sample(
        (payloads, pieces) =>
        {
            var stream = Stream(payloads);
            var reader = new FrameReader();
            var frames = new List<byte[]>();
            for (int position = 0, i = 0; position < stream.Length; i++)
            {
                var length = Math.Min(pieces[i % pieces.Length], stream.Length - position);
                reader.Append(stream.AsSpan(position, length));
                position += length;
                // Sometimes several pieces gather before the frames are taken.
                if (i % 3 != 0) frames.AddRange(Drain(reader));
            }

            frames.AddRange(Drain(reader));
            Assert.Equal(payloads, frames);
        },
        iter: PropertyCases.Count);

    [Fact]
    public void A_large_frame_is_read_and_small_ones_after_it()
    {
        byte[][] payloads = [new byte[300_000], [1], [2]];
        var reader = new FrameReader();
        reader.Append(Stream(payloads));
        Assert.Equal(payloads, Drain(reader));
        reader.Append(Stream(payloads));
        Assert.Equal(payloads, Drain(reader));
    }

    [Fact]
    public void A_frame_beyond_the_limit_is_refused_by_its_length_alone()
    {
        var reader = new FrameReader(maxFrame: 100);
        reader.Append([0, 0, 101]);
        Assert.Throws<FrameFormatException>(() => reader.TryRead(out _));
    }

    [Fact]
    public void The_longest_frame_is_written_and_a_longer_one_refused()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteFrame(output, new byte[FrameWriter.MaxFrame]);
        Assert.Equal([0xFF, 0xFF, 0xFF], output.WrittenSpan[..3].ToArray());
        Assert.Throws<FrameFormatException>(() => FrameWriter.WriteFrame(output, new byte[FrameWriter.MaxFrame + 1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0102030405")]
    public void A_stream_header_is_read_at_every_split_position_and_frames_follow(string routing)
    {
        var routingInfo = Convert.FromHexString(routing);
        byte[] stream = [.. FrameWriter.StreamHeader(routingInfo), .. Stream([[7, 8]])];
        for (var split = 0; split <= stream.Length; split++)
        {
            var reader = new FrameReader();
            reader.Append(stream.AsSpan(0, split));
            var early = reader.TryReadStreamHeader(out var header);
            reader.Append(stream.AsSpan(split));
            if (!early) Assert.True(reader.TryReadStreamHeader(out header));
            Assert.Equal(routingInfo, header!.RoutingInfo.ToArray());
            Assert.Equal((6, 3), (header.Version, header.Dictionary));
            Assert.Equal([[7, 8]], Drain(reader));
        }
    }

    [Theory]
    [InlineData("00000000", "no header")]
    [InlineData("45440001000001aa58410603", "no WA after the routing")]
    [InlineData("45440001ffffff", "routing without end")]
    [InlineData("45440002000000", "another kind of prefix")]
    public void A_stream_of_something_else_is_refused(string hex, string why)
    {
        var reader = new FrameReader();
        reader.Append(Convert.FromHexString(hex));
        var error = Record.Exception(() => reader.TryReadStreamHeader(out _));
        Assert.True(error is FrameFormatException, why);
    }

    private static byte[] Stream(byte[][] payloads)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var payload in payloads) FrameWriter.WriteFrame(output, payload);
        return output.WrittenSpan.ToArray();
    }

    private static List<byte[]> Drain(FrameReader reader)
    {
        var frames = new List<byte[]>();
        while (reader.TryRead(out var frame)) frames.Add(frame.ToArray());
        return frames;
    }
}
