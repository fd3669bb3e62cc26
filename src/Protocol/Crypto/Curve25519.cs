using System.Security.Cryptography;

namespace Evolution.Protocol.Crypto;

/// <summary>X25519 agreement (RFC 7748) and XEdDSA signatures made with X25519 keys, over libsodium.</summary>
/// <remarks>
/// The signature is Signal's older form: the sign of the Edwards public key travels in the top bit of the signature
/// (xeddsa specification, revision 1, and libsignal's curve25519 signatures), so both parties keep Montgomery keys only.
/// </remarks>
public static class Curve25519
{
    /// <summary>Length of a private or public key and of an agreed secret, in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Length of a signature, in bytes.</summary>
    public const int SignatureSize = 64;

    /// <summary>Random bytes that go into a signature.</summary>
    internal const int RandomSize = 64;

    /// <summary>The secret shared by the owner of <paramref name="privateKey"/> and the owner of <paramref name="publicKey"/>.</summary>
    /// <exception cref="CryptographicException">The public key is a point of small order, which would give everybody the same secret.</exception>
    public static byte[] Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        var secret = new byte[KeySize];
        Agree(privateKey, publicKey, secret);
        return secret;
    }

    /// <summary>Like <see cref="Agree(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>, into 32 bytes of the caller's.</summary>
    /// <exception cref="CryptographicException">The public key is a point of small order.</exception>
    public static void Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> secret)
    {
        RequireKey(privateKey, nameof(privateKey));
        RequireKey(publicKey, nameof(publicKey));
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, KeySize);
        if (Sodium.ScalarMult(secret, privateKey, publicKey) != 0)
            throw new CryptographicException("The public key has small order.");
    }

    /// <summary>The XEdDSA signature (64 bytes) of <paramref name="message"/>; randomised, so never the same twice.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message)
    {
        Span<byte> random = stackalloc byte[RandomSize];
        RandomNumberGenerator.Fill(random);
        var signature = Sign(privateKey, message, random);
        CryptographicOperations.ZeroMemory(random);
        return signature;
    }

    /// <summary>The signature that these 64 random bytes give.</summary>
    internal static byte[] Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomSize);
        RequireKey(privateKey, nameof(privateKey));
        Span<byte> a = stackalloc byte[32];
        Span<byte> r = stackalloc byte[32];
        Span<byte> wide = stackalloc byte[64];
        var signature = new byte[SignatureSize];
        try
        {
            privateKey.CopyTo(a);
            a[0] &= 248;
            a[31] = (byte)((a[31] & 127) | 64);

            Span<byte> edwards = stackalloc byte[32];
            BaseMultiply(edwards, a);
            var sign = (byte)(edwards[31] & 0x80);

            // r is a full-width hash reduced modulo the group order: a biased nonce would leak the key.
            Span<byte> prefix = stackalloc byte[32];
            prefix.Fill(0xFF);
            prefix[0] = 0xFE;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
            hash.AppendData(prefix);
            hash.AppendData(a);
            hash.AppendData(message);
            hash.AppendData(random);
            hash.GetHashAndReset(wide);
            Sodium.ScalarReduce(r, wide);
            BaseMultiply(signature.AsSpan(0, 32), r);

            hash.AppendData(signature.AsSpan(0, 32));
            hash.AppendData(edwards);
            hash.AppendData(message);
            hash.GetHashAndReset(wide);
            Span<byte> challenge = stackalloc byte[32];
            Sodium.ScalarReduce(challenge, wide);
            Span<byte> product = stackalloc byte[32];
            Sodium.ScalarMultiply(product, challenge, a);
            Sodium.ScalarAdd(signature.AsSpan(32), product, r);
            CryptographicOperations.ZeroMemory(product);
            signature[63] |= sign;
            return signature;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(a);
            CryptographicOperations.ZeroMemory(r);
            CryptographicOperations.ZeroMemory(wide);
        }
    }

    /// <summary>Whether <paramref name="signature"/> is one of <paramref name="message"/> by the owner of the 32-byte key; false for any wrong length.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize)
            return false;
        Span<byte> plain = stackalloc byte[SignatureSize];
        signature.CopyTo(plain);
        plain[63] &= 0x7F;
        if ((plain[63] & 0xE0) != 0)
            return false;
        Span<byte> edwards = stackalloc byte[32];
        Curve25519Field.MontgomeryToEdwards(edwards, publicKey);
        edwards[31] |= (byte)(signature[63] & 0x80);
        return Sodium.Ed25519Verify(plain, message, edwards) == 0;
    }

    internal static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        RequireKey(privateKey, nameof(privateKey));
        var publicKey = new byte[KeySize];
        if (Sodium.ScalarMultBase(publicKey, privateKey) != 0)
            throw new CryptographicException("The private key is not usable.");
        return publicKey;
    }

    private static void BaseMultiply(Span<byte> point, ReadOnlySpan<byte> scalar)
    {
        if (Sodium.EdwardsScalarMultBase(point, scalar) != 0)
            throw new CryptographicException("The scalar is zero.");
    }

    private static void RequireKey(ReadOnlySpan<byte> key, string name)
    {
        if (key.Length != KeySize)
            throw new ArgumentException("A Curve25519 key has 32 bytes.", name);
    }
}
