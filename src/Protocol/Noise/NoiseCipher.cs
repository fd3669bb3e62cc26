using System.Buffers;
using System.Security.Cryptography;
using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Noise;

/// <summary>
/// The two directions of a connection after the handshake. Each has its own counter: what was encrypted first must be sent
/// first, so callers encrypt and write under one lock.
/// </summary>
public sealed class NoiseCipher : IDisposable
{
    private readonly AesGcm _write;
    private readonly AesGcm _read;
    private uint _writeCounter;
    private uint _readCounter;

    internal NoiseCipher(ReadOnlySpan<byte> writeKey, ReadOnlySpan<byte> readKey)
    {
        _write = new AesGcm(writeKey, AesGcmBox.TagSize);
        _read = new AesGcm(readKey, AesGcmBox.TagSize);
    }

    /// <summary>Encrypts the next outgoing frame.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        var box = new byte[plaintext.Length + AesGcmBox.TagSize];
        Encrypt(plaintext, box);
        return box;
    }

    /// <summary>Encrypts the next outgoing frame and appends it, without an array of its own.</summary>
    public void Encrypt(ReadOnlySpan<byte> plaintext, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var length = plaintext.Length + AesGcmBox.TagSize;
        Encrypt(plaintext, output.GetSpan(length)[..length]);
        output.Advance(length);
    }

    /// <summary>Decrypts the next incoming frame.</summary>
    /// <exception cref="NoiseException">The frame was tampered with, or one is missing: the connection is of no use any more.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length < AesGcmBox.TagSize) throw new NoiseException(NoiseError.Malformed, "A frame is shorter than its tag.");
        var plaintext = new byte[ciphertext.Length - AesGcmBox.TagSize];
        Span<byte> nonce = stackalloc byte[12];
        NoiseState.Nonce(nonce, _readCounter);
        try
        {
            _read.Decrypt(nonce, ciphertext[..^AesGcmBox.TagSize], ciphertext[^AesGcmBox.TagSize..], plaintext);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new NoiseException(NoiseError.NotAuthentic, "A frame does not decrypt.", e);
        }

        _readCounter = Next(_readCounter);
        return plaintext;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _write.Dispose();
        _read.Dispose();
    }

    private void Encrypt(ReadOnlySpan<byte> plaintext, Span<byte> box)
    {
        Span<byte> nonce = stackalloc byte[12];
        NoiseState.Nonce(nonce, _writeCounter);
        _write.Encrypt(nonce, plaintext, box[..plaintext.Length], box[plaintext.Length..]);
        _writeCounter = Next(_writeCounter);
    }

    // A counter that came round again would use a nonce twice; a connection never lives that long.
    private static uint Next(uint counter) =>
        counter < uint.MaxValue ? counter + 1 : throw new NoiseException(NoiseError.NotAuthentic, "The connection's counter is used up.");
}
