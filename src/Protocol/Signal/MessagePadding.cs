using System.Security.Cryptography;

namespace Evolution.Protocol.Signal;

/// <summary>WhatsApp's padding inside the encryption, which hides the exact length: n bytes of value n, 1 to 16.</summary>
/// <remarks>Baileys src/Utils/generics.ts, writeRandomPadMax16; whatsmeow message.go, padMessage and unpadMessage.</remarks>
public static class MessagePadding
{
    private const int MaxPadding = 16;

    /// <summary>The plaintext followed by random padding.</summary>
    public static byte[] Pad(ReadOnlySpan<byte> plaintext)
    {
        var count = RandomNumberGenerator.GetInt32(1, MaxPadding + 1);
        var padded = new byte[plaintext.Length + count];
        plaintext.CopyTo(padded);
        padded.AsSpan(plaintext.Length).Fill((byte)count);
        return padded;
    }

    /// <summary>What stands before the padding, without copying.</summary>
    /// <exception cref="SignalException"><see cref="SignalError.InvalidMessage"/>: the padding is not whole.</exception>
    public static ReadOnlyMemory<byte> Unpad(ReadOnlyMemory<byte> padded)
    {
        var bytes = padded.Span;
        var count = bytes.IsEmpty ? 0 : bytes[^1];
        if (count == 0 || count > bytes.Length || bytes[^count..].ContainsAnyExcept(bytes[^1]))
            throw new SignalException(SignalError.InvalidMessage, "The padding of the plaintext is wrong.");
        return padded[..^count];
    }
}
