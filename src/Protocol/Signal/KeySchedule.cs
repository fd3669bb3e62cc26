using System.Security.Cryptography;
using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Signal;

/// <summary>
/// Where session keys come from: the triple Diffie-Hellman start, and the root step of the double ratchet
/// (Signal's X3DH and Double Ratchet specifications; labels as in every implementation of version 3).
/// </summary>
internal static class KeySchedule
{
    /// <summary>The first root and chain key on the side that starts the session.</summary>
    public static (byte[] Root, byte[] Chain) Initiator(
        KeyPair identity, KeyPair baseKey, ReadOnlySpan<byte> remoteIdentity, ReadOnlySpan<byte> signedPreKey, ReadOnlySpan<byte> preKey)
    {
        Span<byte> secret = stackalloc byte[32 * 5];
        var used = secret[..(preKey.IsEmpty ? 128 : 160)];
        used[..32].Fill(0xFF);
        Agree(identity, signedPreKey, used[32..64]);
        Agree(baseKey, remoteIdentity, used[64..96]);
        Agree(baseKey, signedPreKey, used[96..128]);
        if (!preKey.IsEmpty)
            Agree(baseKey, preKey, used[128..]);
        return FromSecret(used);
    }

    /// <summary>The same keys on the side whose pre-keys were used.</summary>
    public static (byte[] Root, byte[] Chain) Responder(
        KeyPair identity, KeyPair signedPreKey, KeyPair? preKey, ReadOnlySpan<byte> remoteIdentity, ReadOnlySpan<byte> baseKey)
    {
        Span<byte> secret = stackalloc byte[32 * 5];
        var used = secret[..(preKey is null ? 128 : 160)];
        used[..32].Fill(0xFF);
        Agree(signedPreKey, remoteIdentity, used[32..64]);
        Agree(identity, baseKey, used[64..96]);
        Agree(signedPreKey, baseKey, used[96..128]);
        if (preKey is not null)
            Agree(preKey, baseKey, used[128..]);
        return FromSecret(used);
    }

    /// <summary>A step of the root chain with a new agreement.</summary>
    public static (byte[] Root, byte[] Chain) RootStep(ReadOnlySpan<byte> root, KeyPair own, ReadOnlySpan<byte> remote)
    {
        Span<byte> secret = stackalloc byte[32];
        Agree(own, remote, secret);
        return Expand(secret, root, "WhisperRatchet"u8);
    }

    private static (byte[] Root, byte[] Chain) FromSecret(Span<byte> secret) => Expand(secret, default, "WhisperText"u8);

    private static (byte[] Root, byte[] Chain) Expand(Span<byte> secret, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info)
    {
        Span<byte> keys = stackalloc byte[64];
        Hkdf.Derive(secret, keys, salt, info);
        CryptographicOperations.ZeroMemory(secret);
        var result = (keys[..32].ToArray(), keys[32..].ToArray());
        CryptographicOperations.ZeroMemory(keys);
        return result;
    }

    private static void Agree(KeyPair own, ReadOnlySpan<byte> remote, Span<byte> secret)
    {
        try
        {
            Curve25519.Agree(own.PrivateKey.Span, remote, secret);
        }
        catch (CryptographicException)
        {
            throw new SignalException(SignalError.InvalidMessage, "A public key of the peer has small order.");
        }
    }
}
