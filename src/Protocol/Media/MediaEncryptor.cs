using System.Security.Cryptography;

namespace Evolution.Protocol.Media;

/// <summary>
/// Encrypts one file piece by piece in constant memory: AES-256-CBC, then the first 10 bytes of HMAC-SHA256 over IV and ciphertext
/// (Baileys Utils/messages-media.ts, encryptedStream).
/// </summary>
public sealed class MediaEncryptor : IDisposable
{
    /// <summary>Bytes of a media key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes that <see cref="Finish"/> writes: the padded last block and the MAC.</summary>
    public const int TailLength = MediaKeys.BlockLength + MediaKeys.MacLength;

    private readonly Aes aes = Aes.Create();
    private readonly IncrementalHash mac;
    private readonly IncrementalHash plainHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash encryptedHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] chain = new byte[MediaKeys.BlockLength];
    private readonly byte[] pending = new byte[MediaKeys.BlockLength];
    private int pendingLength;
    private long length;

    /// <param name="mediaKey">32 random bytes, used for this file only.</param>
    /// <param name="kind">What the file is.</param>
    /// <exception cref="MediaFormatException">The key has another length.</exception>
    public MediaEncryptor(ReadOnlySpan<byte> mediaKey, MediaKind kind)
    {
        var keys = MediaKeys.Derive(mediaKey, kind);
        aes.SetKey(keys.CipherKey);
        mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys.MacKey);
        keys.Iv.CopyTo(chain);
        mac.AppendData(keys.Iv);
    }

    /// <summary>Room that <see cref="Append"/> needs for a piece of this length.</summary>
    public static int OutputLength(int plaintextLength) => plaintextLength + MediaKeys.BlockLength - 1;

    /// <summary>Encrypts the next piece; pieces may have any length.</summary>
    /// <returns>How much of <paramref name="output"/> was filled.</returns>
    public int Append(ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        plainHash.AppendData(plaintext);
        length += plaintext.Length;
        var written = 0;
        if (pendingLength > 0)
        {
            var taken = Math.Min(pending.Length - pendingLength, plaintext.Length);
            plaintext[..taken].CopyTo(pending.AsSpan(pendingLength));
            pendingLength += taken;
            plaintext = plaintext[taken..];
            if (pendingLength < pending.Length)
                return 0;
            written = Encrypt(pending, output, PaddingMode.None);
        }

        var whole = plaintext.Length / pending.Length * pending.Length;
        if (whole > 0)
            written += Encrypt(plaintext[..whole], output[written..], PaddingMode.None);
        plaintext[whole..].CopyTo(pending);
        pendingLength = plaintext.Length - whole;
        return written;
    }

    /// <summary>Ends the file.</summary>
    /// <param name="output">Gets the last <see cref="TailLength"/> bytes.</param>
    /// <returns>What to announce of the file.</returns>
    public MediaDigest Finish(Span<byte> output)
    {
        var written = Encrypt(pending.AsSpan(0, pendingLength), output, PaddingMode.PKCS7);
        var tag = output.Slice(written, MediaKeys.MacLength);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        mac.GetHashAndReset(whole);
        whole[..MediaKeys.MacLength].CopyTo(tag);
        encryptedHash.AppendData(tag);
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

    private int Encrypt(ReadOnlySpan<byte> plaintext, Span<byte> output, PaddingMode padding)
    {
        var written = aes.EncryptCbc(plaintext, chain, output, padding);
        var ciphertext = output[..written];
        ciphertext[^chain.Length..].CopyTo(chain);
        mac.AppendData(ciphertext);
        encryptedHash.AppendData(ciphertext);
        return written;
    }
}
