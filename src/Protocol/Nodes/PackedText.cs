using System.Buffers;

namespace Evolution.Protocol.Nodes;

/// <summary>Two characters per byte: digits with <c>-</c> and <c>.</c>, or upper-case hex. The high bit of the length says that the last half byte is padding.</summary>
internal static class PackedText
{
    private const byte Padding = 15;

    internal static bool IsNibbles(ReadOnlySpan<char> text)
    {
        if (text.Length > NodeTags.MaxPacked) return false;
        foreach (var c in text)
            if (c is not ((>= '0' and <= '9') or '-' or '.')) return false;
        return true;
    }

    internal static bool IsHex(ReadOnlySpan<char> text)
    {
        if (text.Length > NodeTags.MaxPacked) return false;
        foreach (var c in text)
            if (c is not ((>= '0' and <= '9') or (>= 'A' and <= 'F'))) return false;
        return true;
    }

    internal static void Write(IBufferWriter<byte> output, byte tag, ReadOnlySpan<char> text)
    {
        var bytes = (text.Length + 1) / 2;
        var odd = text.Length % 2 == 1;
        var span = output.GetSpan(bytes + 2);
        span[0] = tag;
        span[1] = (byte)(bytes | (odd ? 0x80 : 0));
        for (var i = 0; i < bytes; i++)
        {
            var low = (2 * i) + 1 < text.Length ? Pack(text[(2 * i) + 1]) : Padding;
            span[i + 2] = (byte)((Pack(text[2 * i]) << 4) | low);
        }

        output.Advance(bytes + 2);
    }

    internal static string Read(byte tag, ReadOnlySpan<byte> packed, bool odd)
    {
        Span<char> text = stackalloc char[packed.Length * 2];
        for (var i = 0; i < packed.Length; i++)
        {
            text[2 * i] = Unpack(tag, packed[i] >> 4);
            if (odd && i == packed.Length - 1) return new string(text[..((2 * i) + 1)]);
            text[(2 * i) + 1] = Unpack(tag, packed[i] & 15);
        }

        return new string(text);
    }

    private static byte Pack(char c) => c switch
    {
        >= '0' and <= '9' => (byte)(c - '0'),
        '-' => 10,
        '.' => 11,
        _ => (byte)(c - 'A' + 10),
    };

    private static char Unpack(byte tag, int value) => tag == NodeTags.Nibble8
        ? value switch
        {
            <= 9 => (char)('0' + value),
            10 => '-',
            11 => '.',
            _ => throw new NodeFormatException($"The packed digit {value} means nothing."),
        }
        : (char)(value <= 9 ? '0' + value : 'A' + value - 10);
}
