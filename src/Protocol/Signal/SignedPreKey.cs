using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Signal;

/// <summary>A pre-key of some weeks, signed by its owner's identity.</summary>
/// <param name="Id">Travels in three bytes.</param>
/// <param name="KeyPair">The pair.</param>
/// <param name="Signature">64 bytes, over the public key with its type byte.</param>
public sealed record SignedPreKey(uint Id, KeyPair KeyPair, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Makes and signs a fresh one.</summary>
    public static SignedPreKey Create(uint id, KeyPair identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var pair = KeyPair.Generate();
        Span<byte> key = stackalloc byte[WireKey.Size];
        WireKey.Write(pair.PublicKey.Span, key);
        return new SignedPreKey(id, pair, Curve25519.Sign(identity.PrivateKey.Span, key));
    }
}
