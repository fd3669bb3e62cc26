using System.Security.Cryptography;
using System.Text;
using Evolution.Protocol.Crypto;

namespace Evolution.Simulator.Media;

/// <summary>An encrypted file as WhatsApp's media hosts keep it, and what a message says of it. Source: Baileys src/Utils/messages-media.ts.</summary>
internal sealed record MediaFile(byte[] Key, byte[] Encrypted, byte[] Sha256, byte[] EncryptedSha256, long Length)
{
    private const int MacLength = 10;

    /// <param name="kind">As in the key's info: "History", "Image", "App State" …</param>
    public static MediaFile Encrypt(ReadOnlySpan<byte> plaintext, string kind)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var derived = Hkdf.Derive(key, 112, default, Encoding.ASCII.GetBytes($"WhatsApp {kind} Keys"));
        var iv = derived.AsSpan(0, 16);
        var ciphertext = AesCbcBox.Encrypt(derived.AsSpan(16, 32), iv, plaintext);
        var mac = HMACSHA256.HashData(derived.AsSpan(48, 32), [.. iv, .. ciphertext]);
        byte[] encrypted = [.. ciphertext, .. mac.AsSpan(0, MacLength)];
        return new MediaFile(key, encrypted, SHA256.HashData(plaintext), SHA256.HashData(encrypted), plaintext.Length);
    }
}
