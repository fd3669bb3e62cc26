using System.Security.Cryptography;

namespace Evolution.Protocol.Crypto;

/// <summary>AES-CBC with PKCS#7 padding. Says nothing about authenticity: check a MAC first.</summary>
public static class AesCbcBox
{
    /// <summary>The ciphertext: the plaintext's length rounded up to the next multiple of 16.</summary>
    public static byte[] Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> plaintext)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        return aes.EncryptCbc(plaintext, iv);
    }

    /// <summary>The plaintext.</summary>
    /// <exception cref="CryptographicException">Not a multiple of 16, or wrong padding.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> ciphertext)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        return aes.DecryptCbc(ciphertext, iv);
    }
}
