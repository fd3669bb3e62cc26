using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Noise;

/// <summary>The root key to which a server's certificate chain is verified.</summary>
public sealed class NoiseRoot
{
    /// <param name="key">X25519 public key, 32 bytes.</param>
    public NoiseRoot(ReadOnlyMemory<byte> key)
    {
        if (key.Length != Curve25519.KeySize) throw new ArgumentException("A root key has 32 bytes.", nameof(key));
        Key = key;
    }

    /// <summary>WhatsApp's own root (whatsmeow: handshake.go; Baileys: src/Defaults/index.ts).</summary>
    public static NoiseRoot WhatsApp { get; } = FromHex("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b");

    /// <summary>The public key.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>A root from 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is not 64 hexadecimal digits.</exception>
    public static NoiseRoot FromHex(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        var key = Convert.FromHexString(hex);
        return key.Length == Curve25519.KeySize ? new NoiseRoot(key) : throw new FormatException("A root key is 64 hexadecimal digits.");
    }
}
