using System.Security.Cryptography;

namespace Evolution.Protocol.Media;

/// <summary>
/// Decrypts one file piece by piece in constant memory. The plaintext is not to be trusted before <see cref="Finish"/> has returned: only then
/// is the MAC known to hold.
/// </summary>
public sealed class MediaDecryptor : IDisposable
{
    private readonly Aes aes = Aes.Create();
    private readonly IncrementalHash mac;
    private readonly IncrementalHash plainHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash encryptedHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] chain = new byte[MediaKeys.BlockLength];
    // The last block carries the padding and the MAC follows it, so that much always waits for what comes.
    private readonly byte[] held = new byte[MediaEncryptor.TailLength + MediaKeys.BlockLength - 1];
    private int heldLength;
    private long length;

    /// <param name="mediaKey">The key from the message.</param>
    /// <param name="kind">What the message says the file is.</param>
    /// <exception cref="MediaFormatException">The key has not 32 bytes.</exception>
    public MediaDecryptor(ReadOnlySpan<byte> mediaKey, MediaKind kind)
    {
        var keys = MediaKeys.Derive(mediaKey, kind);
        aes.SetKey(keys.CipherKey);
        mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys.MacKey);
        keys.Iv.CopyTo(chain);
        mac.AppendData(keys.Iv);
    }

    /// <summary>Room that <see cref="Append"/> needs for a piece of this length; <see cref="Finish"/> needs no more than that for an empty one.</summary>
    public static int OutputLength(int encryptedLength) => encryptedLength + MediaKeys.BlockLength;

    /// <summary>Decrypts the next piece of the file; pieces may have any length.</summary>
    /// <returns>How much of <paramref name="output"/> was filled.</returns>
    public int Append(ReadOnlySpan<byte> encrypted, Span<byte> output)
    {
        encryptedHash.AppendData(encrypted);
        var ready = Math.Max(0, heldLength + encrypted.Length - MediaEncryptor.TailLength) / chain.Length * chain.Length;
        var written = 0;
        Span<byte> block = stackalloc byte[MediaKeys.BlockLength];
        while (heldLength > 0 && written < ready)
        {
            var old = Math.Min(heldLength, block.Length);
            held.AsSpan(0, old).CopyTo(block);
            encrypted[..(block.Length - old)].CopyTo(block[old..]);
            encrypted = encrypted[(block.Length - old)..];
            heldLength -= old;
            held.AsSpan(old, heldLength).CopyTo(held);
            written += Decrypt(block, output[written..], PaddingMode.None);
        }

        if (written < ready)
        {
            var rest = ready - written;
            written += Decrypt(encrypted[..rest], output[written..], PaddingMode.None);
            encrypted = encrypted[rest..];
        }

        encrypted.CopyTo(held.AsSpan(heldLength));
        heldLength += encrypted.Length;
        return written;
    }

    /// <summary>Ends the file: checks the MAC and decrypts the rest.</summary>
    /// <param name="output">Gets the last plaintext, at most 15 bytes; needs room for 16.</param>
    /// <param name="written">How much of it was filled.</param>
    /// <returns>What the file is, to be compared with what was announced.</returns>
    /// <exception cref="MediaFormatException">The length, the MAC or the padding is wrong.</exception>
    public MediaDigest Finish(Span<byte> output, out int written)
    {
        if (heldLength != MediaEncryptor.TailLength)
            throw new MediaFormatException("The file has an impossible length.");
        var last = held.AsSpan(0, MediaKeys.BlockLength);
        mac.AppendData(last);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        mac.GetHashAndReset(expected);
        if (!CryptographicOperations.FixedTimeEquals(expected[..MediaKeys.MacLength], held.AsSpan(MediaKeys.BlockLength, MediaKeys.MacLength)))
            throw new MediaFormatException("The file's MAC does not match.");
        try
        {
            written = aes.DecryptCbc(last, chain, output, PaddingMode.PKCS7);
        }
        catch (CryptographicException e)
        {
            throw new MediaFormatException("The file's padding is wrong.", e);
        }

        plainHash.AppendData(output[..written]);
        length += written;
        return new MediaDigest(plainHash.GetHashAndReset(), encryptedHash.GetHashAndReset(), length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        aes.Dispose();
        mac.Dispose();
        plainHash.Dispose();
        encryptedHash.Dispose();
    }

    private int Decrypt(ReadOnlySpan<byte> ciphertext, Span<byte> output, PaddingMode padding)
    {
        mac.AppendData(ciphertext);
        var written = aes.DecryptCbc(ciphertext, chain, output, padding);
        ciphertext[^chain.Length..].CopyTo(chain);
        plainHash.AppendData(output[..written]);
        length += written;
        return written;
    }
}
