using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Evolution.Gateway.Media;

/// <summary>Base64 as Evolution takes it: the standard alphabet, padded, without line breaks, and no data URI.</summary>
internal static class Base64Text
{
    private const int PieceLength = 64 * 1024;

    /// <summary>Decodes a JSON text piece by piece: it may be a hundred megabytes that need no second copy in memory.</summary>
    /// <returns>False when it is not base64; something may have been written nevertheless.</returns>
    public static bool TryDecode(JsonElement text, Stream output)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        // Some writers of JSON escape the slash and the plus.
        return raw.Contains((byte)'\\') ? TryDecode(Encoding.UTF8.GetBytes(text.GetString()!), output) : TryDecode(raw, output);
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, Stream output)
    {
        if (text.Length % 4 != 0 || text.ContainsAny("\r\n \t"u8))
            return false;
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (!text.IsEmpty)
            {
                var part = text[..Math.Min(text.Length, PieceLength)];
                text = text[part.Length..];
                if (Base64.DecodeFromUtf8(part, piece, out var consumed, out var written, isFinalBlock: text.IsEmpty) != OperationStatus.Done || consumed != part.Length)
                    return false;
                output.Write(piece.AsSpan(0, written));
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
