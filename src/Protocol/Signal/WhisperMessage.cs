using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Evolution.Proto.Signal;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>
/// The message of a running session: version byte ‖ <see cref="SignalMessage"/> ‖ first 8 bytes of its HMAC-SHA256,
/// where the MAC also covers both identities, the sender's first.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct WhisperMessage
{
    private const int MacSize = 8;
    private const int KeysSize = 80;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ByteString _ciphertext;

    private WhisperMessage(ReadOnlySpan<byte> bytes, SignalMessage message)
    {
        _bytes = bytes;
        _ciphertext = message.Ciphertext;
        RatchetKey = WireKey.Read(message.EphemeralKey);
        Counter = message.Counter;
        PreviousCounter = message.PreviousCounter;
    }

    public ReadOnlyMemory<byte> RatchetKey { get; }

    public uint Counter { get; }

    /// <summary>What the sender says is the number of the last message of its chain before this one.</summary>
    public uint PreviousCounter { get; }

    /// <exception cref="SignalException"><see cref="SignalError.InvalidVersion"/> or <see cref="SignalError.InvalidMessage"/>.</exception>
    public static WhisperMessage Parse(ReadOnlySpan<byte> bytes)
    {
        WireVersion.Require(bytes);
        if (bytes.Length <= 1 + MacSize)
            throw Malformed();
        try
        {
            var message = SignalMessage.Parser.ParseFrom(bytes[1..^MacSize]);
            return message.HasEphemeralKey && message.HasCounter && message.HasCiphertext ? new WhisperMessage(bytes, message) : throw Malformed();
        }
        catch (InvalidProtocolBufferException)
        {
            throw Malformed();
        }
    }

    /// <summary>A message under the key that grows from <paramref name="seed"/>.</summary>
    public static byte[] Write(
        SessionState state, ReadOnlySpan<byte> ownIdentity, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> keys = stackalloc byte[KeysSize];
        DeriveKeys(seed, keys);
        var message = new SignalMessage
        {
            EphemeralKey = WireKey.ToByteString(state.SenderRatchet.PublicKey.Span),
            Counter = state.SenderChain.Index,
            PreviousCounter = state.PreviousCounter,
            Ciphertext = UnsafeByteOperations.UnsafeWrap(AesCbcBox.Encrypt(keys[..32], keys[64..], plaintext)),
        };
        var size = message.CalculateSize();
        var bytes = new byte[1 + size + MacSize];
        bytes[0] = WireVersion.Current;
        message.WriteTo(bytes.AsSpan(1, size));
        WriteMac(keys[32..64], ownIdentity, state.RemoteIdentity.Span, bytes.AsSpan(0, 1 + size), bytes.AsSpan(1 + size));
        CryptographicOperations.ZeroMemory(keys);
        return bytes;
    }

    /// <summary>The plaintext, or null when the MAC does not fit the key that grows from <paramref name="seed"/>.</summary>
    public byte[]? Open(ReadOnlySpan<byte> remoteIdentity, ReadOnlySpan<byte> ownIdentity, ReadOnlySpan<byte> seed)
    {
        Span<byte> keys = stackalloc byte[KeysSize];
        Span<byte> mac = stackalloc byte[MacSize];
        DeriveKeys(seed, keys);
        try
        {
            WriteMac(keys[32..64], remoteIdentity, ownIdentity, _bytes[..^MacSize], mac);
            return CryptographicOperations.FixedTimeEquals(mac, _bytes[^MacSize..])
                ? AesCbcBox.Decrypt(keys[..32], keys[64..], _ciphertext.Span)
                : null;
        }
        catch (CryptographicException)
        {
            // The MAC fits, so the sender itself wrote something that is not CBC.
            throw new SignalException(SignalError.InvalidMessage, "The ciphertext has a wrong length or padding.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    private static SignalException Malformed() => new(SignalError.InvalidMessage, "The bytes are not a session message.");

    // cipher key 32 ‖ MAC key 32 ‖ IV 16
    private static void DeriveKeys(ReadOnlySpan<byte> seed, Span<byte> keys) => Hkdf.Derive(seed, keys, default, "WhisperMessageKeys"u8);

    private static void WriteMac(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> body, Span<byte> output)
    {
        var length = (2 * WireKey.Size) + body.Length;
        var input = ArrayPool<byte>.Shared.Rent(length);
        WireKey.Write(sender, input);
        WireKey.Write(receiver, input.AsSpan(WireKey.Size));
        body.CopyTo(input.AsSpan(2 * WireKey.Size));
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input.AsSpan(0, length), mac);
        ArrayPool<byte>.Shared.Return(input);
        mac[..MacSize].CopyTo(output);
    }
}
