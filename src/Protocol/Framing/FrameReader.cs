using System.Diagnostics.CodeAnalysis;

namespace Evolution.Protocol.Framing;

/// <summary>
/// Puts frames together from the pieces in which they arrive: a piece may hold several frames or a part of one, down to a
/// part of the length. Not for use by several threads at once.
/// </summary>
public sealed class FrameReader
{
    private const int SmallBuffer = 512;
    private const int KeptBuffer = 64 * 1024;
    private const int MaxRoutingInfo = 4096;

    private readonly int _maxFrame;
    private byte[] _buffer = new byte[SmallBuffer];
    private int _start;
    private int _end;

    /// <param name="maxFrame">Longer frames are refused; at most <see cref="FrameWriter.MaxFrame"/> bytes.</param>
    public FrameReader(int maxFrame = FrameWriter.MaxFrame) => _maxFrame = Math.Min(maxFrame, FrameWriter.MaxFrame);

    /// <summary>Takes a piece of the stream in.</summary>
    public void Append(ReadOnlySpan<byte> chunk)
    {
        if (_buffer.Length - _end < chunk.Length) MakeRoom(chunk.Length);
        chunk.CopyTo(_buffer.AsSpan(_end));
        _end += chunk.Length;
    }

    /// <summary>Takes the next whole frame's payload out; it is the caller's own copy.</summary>
    /// <exception cref="FrameFormatException">The frame is longer than the limit.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (_end - _start < 3) return false;
        var length = (_buffer[_start] << 16) | (_buffer[_start + 1] << 8) | _buffer[_start + 2];
        if (length > _maxFrame) throw new FrameFormatException($"A frame of {length} bytes came; {_maxFrame} is the limit.");
        if (_end - _start - 3 < length) return false;
        frame = _buffer.AsSpan(_start + 3, length).ToArray();
        Consume(3 + length);
        return true;
    }

    /// <summary>Server side: takes the stream header out; false while it has not arrived whole.</summary>
    /// <exception cref="FrameFormatException">The stream does not begin like a client of WhatsApp.</exception>
    public bool TryReadStreamHeader([NotNullWhen(true)] out StreamHeader? header)
    {
        header = null;
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < 4) return false;
        var routing = ReadOnlyMemory<byte>.Empty;
        var position = 0;
        if (bytes[0] == 'E' && bytes[1] == 'D' && bytes[2] == 0 && bytes[3] == 1)
        {
            if (bytes.Length < 7) return false;
            var length = (bytes[4] << 16) | (bytes[5] << 8) | bytes[6];
            if (length > MaxRoutingInfo) throw new FrameFormatException($"Routing info of {length} bytes came.");
            if (bytes.Length < 7 + length + 4) return false;
            routing = bytes.Slice(7, length).ToArray();
            position = 7 + length;
        }

        var prologue = bytes.Slice(position, 4);
        if (prologue[0] != 'W' || prologue[1] != 'A') throw new FrameFormatException("The stream does not begin with WA.");
        header = new StreamHeader(routing, prologue[2], prologue[3]);
        Consume(position + 4);
        return true;
    }

    private void Consume(int count)
    {
        _start += count;
        if (_start < _end) return;
        _start = _end = 0;
        // One large history frame must not hold its memory for the life of an idle connection.
        if (_buffer.Length > KeptBuffer) _buffer = new byte[SmallBuffer];
    }

    private void MakeRoom(int count)
    {
        var used = _end - _start;
        var target = used + count <= _buffer.Length ? _buffer : new byte[Math.Max(_buffer.Length * 2, used + count)];
        Buffer.BlockCopy(_buffer, _start, target, 0, used);
        _buffer = target;
        _start = 0;
        _end = used;
    }
}
