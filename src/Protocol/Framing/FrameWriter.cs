using System.Buffers;

namespace Evolution.Protocol.Framing;

/// <summary>Writes the stream header and frames: a three-byte big-endian length, then the payload.</summary>
public static class FrameWriter
{
    /// <summary>The longest payload of a frame in bytes.</summary>
    public const int MaxFrame = 0xFFFFFF;

    /// <summary>The bytes that precede a client's first frame; routing info, if any, comes before the prologue (Baileys: src/Utils/noise-handler.ts).</summary>
    /// <exception cref="FrameFormatException">The routing info is longer than <see cref="MaxFrame"/>.</exception>
    public static byte[] StreamHeader(ReadOnlySpan<byte> routingInfo)
    {
        if (routingInfo.IsEmpty) return Framing.StreamHeader.Prologue.ToArray();
        if (routingInfo.Length > MaxFrame) throw new FrameFormatException("The routing info is too long.");
        var header = new byte[7 + routingInfo.Length + 4];
        header[0] = (byte)'E';
        header[1] = (byte)'D';
        header[3] = 1;
        header[4] = (byte)(routingInfo.Length >> 16);
        header[5] = (byte)(routingInfo.Length >> 8);
        header[6] = (byte)routingInfo.Length;
        routingInfo.CopyTo(header.AsSpan(7));
        Framing.StreamHeader.Prologue.CopyTo(header.AsSpan(7 + routingInfo.Length));
        return header;
    }

    /// <summary>Appends one frame.</summary>
    /// <exception cref="FrameFormatException">The payload is longer than <see cref="MaxFrame"/>.</exception>
    public static void WriteFrame(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (payload.Length > MaxFrame) throw new FrameFormatException($"A frame of {payload.Length} bytes cannot be sent; {MaxFrame} is the limit.");
        var span = output.GetSpan(payload.Length + 3);
        span[0] = (byte)(payload.Length >> 16);
        span[1] = (byte)(payload.Length >> 8);
        span[2] = (byte)payload.Length;
        payload.CopyTo(span[3..]);
        output.Advance(payload.Length + 3);
    }
}
