using System.Security.Cryptography;

namespace Evolution.Protocol.Crypto;

/// <summary>HKDF-SHA256 (RFC 5869).</summary>
public static class Hkdf
{
    /// <summary><paramref name="length"/> bytes (1 to 8160) of key material. An empty salt is 32 zero bytes, as the RFC says.</summary>
    public static byte[] Derive(ReadOnlySpan<byte> ikm, int length, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info)
    {
        var output = new byte[length];
        Derive(ikm, output, salt, info);
        return output;
    }

    /// <summary>Fills <paramref name="output"/> with key material.</summary>
    public static void Derive(ReadOnlySpan<byte> ikm, Span<byte> output, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info)
    {
        // In two steps: OpenSSL's own HKDF refuses the empty input that ends a Noise handshake.
        Span<byte> key = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(salt, ikm, key);
        HKDF.Expand(HashAlgorithmName.SHA256, key, output, info);
        CryptographicOperations.ZeroMemory(key);
    }
}
