using Evolution.Protocol.Crypto;

namespace Evolution.Simulator.Accounts;

/// <summary>The check of a signed pre-key: the identity signs the 33-byte form of the key.</summary>
internal static class SignedPreKeys
{
    public static bool Verify(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> signature)
    {
        Span<byte> typed = stackalloc byte[33];
        typed[0] = 5;
        key.CopyTo(typed[1..]);
        return Curve25519.Verify(identity, typed, signature);
    }
}
