using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Framing;

namespace Evolution.Protocol.Noise;

/// <summary>The running hash, chaining key and cipher of one handshake.</summary>
internal sealed class NoiseState
{
    internal const string Xx = "Noise_XX_25519_AESGCM_SHA256\0\0\0\0";
    internal const string Ik = "Noise_IK_25519_AESGCM_SHA256\0\0\0\0";
    internal const string XxFallback = "Noise_XXfallback_25519_AESGCM_SHA256";

    private readonly byte[] _hash;
    private byte[] _chainingKey;
    private byte[] _key = [];
    private uint _counter;

    internal NoiseState(string pattern)
    {
        var name = Encoding.ASCII.GetBytes(pattern);
        // A name of exactly the hash's length is used as it is.
        _hash = name.Length == 32 ? name : SHA256.HashData(name);
        _chainingKey = (byte[])_hash.Clone();
        MixHash(StreamHeader.Prologue);
    }

    internal void MixHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_hash);
        hash.AppendData(data);
        hash.GetHashAndReset(_hash);
    }

    internal void MixKey(ReadOnlySpan<byte> secret)
    {
        var keys = Hkdf.Derive(secret, 64, _chainingKey, default);
        _chainingKey = keys[..32];
        _key = keys[32..];
        _counter = 0;
        CryptographicOperations.ZeroMemory(keys);
    }

    /// <summary>Mixes in an agreement; a public key of small order counts as malformed.</summary>
    internal void MixAgreement(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != Curve25519.KeySize) throw new NoiseException(NoiseError.Malformed, "A handshake key does not have 32 bytes.");
        try
        {
            MixKey(Curve25519.Agree(privateKey, publicKey));
        }
        catch (CryptographicException e)
        {
            throw new NoiseException(NoiseError.Malformed, "A handshake key is not acceptable.", e);
        }
    }

    internal byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, _counter++);
        var box = AesGcmBox.Seal(_key, nonce, plaintext, _hash);
        MixHash(box);
        return box;
    }

    internal byte[] Decrypt(ReadOnlySpan<byte> box)
    {
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, _counter++);
        byte[] plaintext;
        try
        {
            plaintext = AesGcmBox.Open(_key, nonce, box, _hash);
        }
        catch (CryptographicException e)
        {
            throw new NoiseException(NoiseError.NotAuthentic, "A part of the handshake does not decrypt.", e);
        }

        MixHash(box);
        return plaintext;
    }

    internal NoiseCipher Split(bool initiator)
    {
        var keys = Hkdf.Derive(default, 64, _chainingKey, default);
        var (first, second) = (keys[..32], keys[32..]);
        CryptographicOperations.ZeroMemory(keys);
        return initiator ? new NoiseCipher(first, second) : new NoiseCipher(second, first);
    }

    /// <summary>Eight zero bytes and the counter, big-endian.</summary>
    internal static void Nonce(Span<byte> nonce, uint counter)
    {
        nonce[..8].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], counter);
    }
}
