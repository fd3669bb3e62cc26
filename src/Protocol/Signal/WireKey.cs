using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>Public keys inside Signal messages and under signatures: a type byte, 5 for Curve25519, before the 32 bytes.</summary>
internal static class WireKey
{
    public const int Size = 1 + Curve25519.KeySize;
    private const byte Curve25519Type = 5;

    public static void Write(ReadOnlySpan<byte> key, Span<byte> output)
    {
        output[0] = Curve25519Type;
        key.CopyTo(output[1..]);
    }

    public static ByteString ToByteString(ReadOnlySpan<byte> key)
    {
        var bytes = new byte[Size];
        Write(key, bytes);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>The 32 bytes of a key that a message carries.</summary>
    /// <exception cref="SignalException"><see cref="SignalError.InvalidMessage"/>: another type or length.</exception>
    public static ReadOnlyMemory<byte> Read(ByteString wire) =>
        wire.Length == Size && wire[0] == Curve25519Type
            ? wire.Memory[1..]
            : throw new SignalException(SignalError.InvalidMessage, "A public key in the message is not a Curve25519 key.");
}
