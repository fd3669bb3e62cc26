using System.Security.Cryptography;
using System.Text;
using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Pairing;

/// <summary>
/// Pairing by phone number: eight characters, shown by the companion and typed on the phone, protect the exchange of two ephemeral keys,
/// from which both sides get the secret that the QR code would have carried.
/// </summary>
/// <remarks>
/// Baileys src/Socket/socket.ts, requestPairingCode, and src/Socket/messages-recv.ts, link_code_companion_reg; whatsmeow pair-code.go.
/// </remarks>
public static class PairingCode
{
    /// <summary>Length of a wrapped ephemeral key: salt 32 ‖ IV 16 ‖ encrypted key 32.</summary>
    public const int WrappedSize = SaltSize + IvSize + Curve25519.KeySize;

    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTVWXYZ";
    private const int Length = 8;
    private const int RandomSize = 5;
    private const int SaltSize = 32;
    private const int IvSize = 16;
    private const int NonceSize = 12;
    private const int Iterations = 131_072;
    private const int BundleSize = 3 * 32;

    /// <summary>Eight random characters (40 bits), without the dash that people see in the middle.</summary>
    public static string Generate() => Encode(RandomNumberGenerator.GetBytes(RandomSize));

    /// <summary>The code of 40 bits, five for each character, the highest first.</summary>
    internal static string Encode(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomSize);
        Span<char> code = stackalloc char[Length];
        var bits = 0UL;
        foreach (var value in random)
            bits = (bits << 8) | value;
        for (var i = Length - 1; i >= 0; i--, bits >>= 5)
            code[i] = Alphabet[(int)(bits & 31)];
        return new string(code);
    }

    /// <summary>Protects an ephemeral public key with the code. Takes some 30 ms: the key derivation is slow on purpose.</summary>
    /// <param name="code">Eight characters; a dash and lower case are accepted.</param>
    /// <param name="publicKey">32 bytes.</param>
    public static byte[] WrapEphemeral(string code, ReadOnlySpan<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, Curve25519.KeySize);
        var wrapped = new byte[WrappedSize];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, SaltSize + IvSize));
        Transform(code, wrapped, publicKey).CopyTo(wrapped.AsSpan(SaltSize + IvSize));
        return wrapped;
    }

    /// <summary>The ephemeral key; with a wrong code some other 32 bytes, which only the next step can tell.</summary>
    /// <exception cref="PairingException"><see cref="PairingError.Malformed"/>: not 80 bytes.</exception>
    public static byte[] UnwrapEphemeral(string code, ReadOnlySpan<byte> wrapped) => wrapped.Length == WrappedSize
        ? Transform(code, wrapped, wrapped[(SaltSize + IvSize)..])
        : throw new PairingException(PairingError.Malformed, "The wrapped ephemeral key has a wrong length.");

    /// <summary>The companion's last step: the key bundle for the phone, and the secret with which pair-success will be verified.</summary>
    /// <param name="ephemeral">The companion's ephemeral pair.</param>
    /// <param name="identity">The companion's identity.</param>
    /// <param name="primaryEphemeral">The phone's ephemeral key, unwrapped.</param>
    /// <param name="primaryIdentity">The phone's identity.</param>
    /// <exception cref="PairingException"><see cref="PairingError.Malformed"/>: a key of the phone is unusable.</exception>
    public static (byte[] KeyBundle, byte[] AdvSecret) Finish(
        KeyPair ephemeral, KeyPair identity, ReadOnlySpan<byte> primaryEphemeral, ReadOnlySpan<byte> primaryIdentity)
    {
        ArgumentNullException.ThrowIfNull(ephemeral);
        ArgumentNullException.ThrowIfNull(identity);
        var shared = Agree(ephemeral, primaryEphemeral);
        var random = RandomNumberGenerator.GetBytes(32);
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        byte[] bundle = [.. identity.PublicKey.Span, .. primaryIdentity, .. random];
        var box = AesGcmBox.Seal(BundleKey(shared, salt), nonce, bundle);
        CryptographicOperations.ZeroMemory(bundle);
        return ([.. salt, .. nonce, .. box], AdvSecret(shared, Agree(identity, primaryIdentity), random));
    }

    /// <summary>The phone's last step: opens the companion's key bundle and gives the same secret.</summary>
    /// <param name="ephemeral">The phone's ephemeral pair.</param>
    /// <param name="identity">The phone's identity.</param>
    /// <param name="companionEphemeral">The companion's ephemeral key, unwrapped.</param>
    /// <param name="companionIdentity">The companion's identity.</param>
    /// <param name="keyBundle">What <see cref="Finish"/> made.</param>
    /// <exception cref="PairingException">
    /// <see cref="PairingError.Malformed"/>: the bundle cannot be opened (a wrong code was typed) or names other identities.
    /// </exception>
    public static byte[] OpenFinish(
        KeyPair ephemeral, KeyPair identity, ReadOnlySpan<byte> companionEphemeral, ReadOnlySpan<byte> companionIdentity, ReadOnlySpan<byte> keyBundle)
    {
        ArgumentNullException.ThrowIfNull(ephemeral);
        ArgumentNullException.ThrowIfNull(identity);
        var shared = Agree(ephemeral, companionEphemeral);
        if (keyBundle.Length != SaltSize + NonceSize + BundleSize + AesGcmBox.TagSize)
            throw new PairingException(PairingError.Malformed, "The key bundle has a wrong length.");
        byte[] bundle;
        try
        {
            bundle = AesGcmBox.Open(
                BundleKey(shared, keyBundle[..SaltSize]), keyBundle[SaltSize..(SaltSize + NonceSize)], keyBundle[(SaltSize + NonceSize)..]);
        }
        catch (CryptographicException)
        {
            throw new PairingException(PairingError.Malformed, "The key bundle cannot be opened: another code was typed.");
        }
        if (!bundle.AsSpan(0, 32).SequenceEqual(companionIdentity) || !bundle.AsSpan(32, 32).SequenceEqual(identity.PublicKey.Span))
            throw new PairingException(PairingError.Malformed, "The key bundle names other identities.");
        return AdvSecret(shared, Agree(identity, companionIdentity), bundle.AsSpan(64));
    }

    private static byte[] Transform(string code, ReadOnlySpan<byte> saltAndIv, ReadOnlySpan<byte> input)
    {
        ArgumentNullException.ThrowIfNull(code);
        var typed = Encoding.UTF8.GetBytes(code.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant());
        var key = Rfc2898DeriveBytes.Pbkdf2(typed, saltAndIv[..SaltSize], Iterations, HashAlgorithmName.SHA256, 32);
        var output = AesCtr.Transform(key, saltAndIv.Slice(SaltSize, IvSize), input);
        CryptographicOperations.ZeroMemory(key);
        return output;
    }

    private static byte[] BundleKey(byte[] shared, ReadOnlySpan<byte> salt) =>
        Hkdf.Derive(shared, 32, salt, "link_code_pairing_key_bundle_encryption_key"u8);

    private static byte[] AdvSecret(byte[] ephemeralShared, byte[] identityShared, ReadOnlySpan<byte> random)
    {
        byte[] material = [.. ephemeralShared, .. identityShared, .. random];
        var secret = Hkdf.Derive(material, 32, default, "adv_secret"u8);
        CryptographicOperations.ZeroMemory(material);
        CryptographicOperations.ZeroMemory(ephemeralShared);
        CryptographicOperations.ZeroMemory(identityShared);
        return secret;
    }

    private static byte[] Agree(KeyPair own, ReadOnlySpan<byte> remote)
    {
        try
        {
            return Curve25519.Agree(own.PrivateKey.Span, remote);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new PairingException(PairingError.Malformed, "A public key of the other side is unusable.");
        }
    }
}
