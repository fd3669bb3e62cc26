using System.Security.Cryptography;

namespace Evolution.Protocol.Crypto;

/// <summary>A Curve25519 key pair: 32 bytes each, without Signal's type byte.</summary>
public sealed class KeyPair
{
    private KeyPair(ReadOnlyMemory<byte> privateKey, ReadOnlyMemory<byte> publicKey)
    {
        PrivateKey = privateKey;
        PublicKey = publicKey;
    }

    /// <summary>The Montgomery u coordinate, 32 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>The scalar, 32 bytes, as generated or given.</summary>
    public ReadOnlyMemory<byte> PrivateKey { get; }

    /// <summary>A fresh pair from the system's cryptographic generator.</summary>
    public static KeyPair Generate()
    {
        var key = RandomNumberGenerator.GetBytes(Curve25519.KeySize);
        key[0] &= 248;
        key[31] = (byte)((key[31] & 127) | 64);
        return new KeyPair(key, Curve25519.PublicKeyOf(key));
    }

    /// <summary>The pair of a stored private key, which is copied.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static KeyPair FromPrivate(ReadOnlySpan<byte> privateKey) => new(privateKey.ToArray(), Curve25519.PublicKeyOf(privateKey));

    /// <summary>A pair whose public key was stored with it: saves a multiplication where pairs are loaded often.</summary>
    internal static KeyPair FromStored(ReadOnlyMemory<byte> privateKey, ReadOnlyMemory<byte> publicKey) => new(privateKey, publicKey);
}
