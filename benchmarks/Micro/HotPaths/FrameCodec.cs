using System.Buffers;
using BenchmarkDotNet.Attributes;
using Evolution.Protocol.Framing;

namespace Evolution.Benchmarks.HotPaths;

/// <summary>A frame of 400 bytes, and the same arriving in two pieces.</summary>
public class FrameCodec
{
    private readonly byte[] payload = new byte[400];
    private readonly ArrayBufferWriter<byte> output = new(1024);
    private readonly FrameReader reader = new();
    private readonly byte[] frame;

    public FrameCodec()
    {
        FrameWriter.WriteFrame(output, payload);
        frame = output.WrittenSpan.ToArray();
    }

    [Benchmark]
    public void Write()
    {
        output.ResetWrittenCount();
        FrameWriter.WriteFrame(output, payload);
    }

    [Benchmark]
    public bool Read()
    {
        reader.Append(frame.AsSpan(0, 100));
        reader.Append(frame.AsSpan(100));
        return reader.TryRead(out _);
    }
}
