using System.Security.Cryptography;

namespace Evolution.Protocol.Crypto;

/// <summary>AES-GCM with a 12-byte nonce; the 16-byte tag follows the ciphertext, as everywhere on WhatsApp's wire.</summary>
public static class AesGcmBox
{
    /// <summary>Length of the tag, in bytes.</summary>
    public const int TagSize = 16;

    /// <summary>Ciphertext ‖ tag.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData = default)
    {
        using var aes = new AesGcm(key, TagSize);
        var box = new byte[plaintext.Length + TagSize];
        aes.Encrypt(nonce, plaintext, box.AsSpan(0, plaintext.Length), box.AsSpan(plaintext.Length), associatedData);
        return box;
    }

    /// <summary>The plaintext of <see cref="Seal"/>'s output.</summary>
    /// <exception cref="CryptographicException">Too short, or the tag does not match (<see cref="AuthenticationTagMismatchException"/>).</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData = default)
    {
        if (box.Length < TagSize)
            throw new CryptographicException("The ciphertext is shorter than its tag.");
        using var aes = new AesGcm(key, TagSize);
        var plaintext = new byte[box.Length - TagSize];
        aes.Decrypt(nonce, box[..plaintext.Length], box[plaintext.Length..], plaintext, associatedData);
        return plaintext;
    }
}
