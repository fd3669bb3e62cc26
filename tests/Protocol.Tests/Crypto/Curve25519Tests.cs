using System.Security.Cryptography;
using CsCheck;
using Evolution.Protocol.Crypto;
using Xunit;

namespace Evolution.Protocol.Tests.Crypto;

public sealed class Curve25519Tests
{
    [Theory] // RFC 7748 §5.2
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void Agree_matches_the_rfc(string scalar, string u, string expected) =>
        Assert.Equal(expected, Hex(Curve25519.Agree(Bytes(scalar), Bytes(u))));

    [Fact] // RFC 7748 §6.1
    public void Agree_and_the_public_keys_match_the_rfc_on_both_sides()
    {
        var alice = KeyPair.FromPrivate(Bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        var bob = KeyPair.FromPrivate(Bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        const string shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

        Assert.Equal("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", Hex(alice.PublicKey.Span));
        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Hex(bob.PublicKey.Span));
        Assert.Equal(shared, Hex(Curve25519.Agree(alice.PrivateKey.Span, bob.PublicKey.Span)));
        Assert.Equal(shared, Hex(Curve25519.Agree(bob.PrivateKey.Span, alice.PublicKey.Span)));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void Agree_refuses_a_point_of_small_order(string u) =>
        Assert.ThrowsAny<CryptographicException>(() => Curve25519.Agree(KeyPair.Generate().PrivateKey.Span, Bytes(u)));

    [Fact] // RFC 7748 §4.1: the base point u = 9 is y = 4/5, whose encoding is 58 66 66 …
    public void The_base_point_maps_to_the_Edwards_base_point()
    {
        var u = new byte[32];
        u[0] = 9;
        var y = new byte[32];
        Curve25519Field.MontgomeryToEdwards(y, u);
        Assert.Equal("5866666666666666666666666666666666666666666666666666666666666666", Hex(y));
    }

    [Fact]
    public void The_map_agrees_with_plain_big_integers() =>
        Gen.Byte.Array[32].Sample(u =>
        {
            var y = new byte[32];
            Curve25519Field.MontgomeryToEdwards(y, u);
            var p = System.Numerics.BigInteger.Pow(2, 255) - 19;
            var masked = (byte[])u.Clone();
            masked[31] &= 0x7F;
            var x = new System.Numerics.BigInteger(masked, isUnsigned: true);
            var expected = (x - 1 + p) * System.Numerics.BigInteger.ModPow(x + 1, p - 2, p) % p;
            return new System.Numerics.BigInteger(y, isUnsigned: true) == expected;
        });

    [Theory] // values around p, where a representation is not unique
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000000")]
    public void The_map_is_canonical_at_the_edges(string u, string expected)
    {
        var y = new byte[32];
        Curve25519Field.MontgomeryToEdwards(y, Bytes(u));
        Assert.Equal(expected, Hex(y));
    }

    [Fact]
    public void A_signature_verifies_and_any_changed_bit_makes_it_wrong() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[0, 200], Gen.Int[0, 511]).Sample((seed, message, bit) =>
        {
            var key = KeyPair.FromPrivate(seed);
            var signature = Curve25519.Sign(key.PrivateKey.Span, message);
            Assert.True(Curve25519.Verify(key.PublicKey.Span, message, signature));
            Assert.False(Curve25519.Verify(key.PublicKey.Span, [.. message, 0], signature));
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Curve25519.Verify(key.PublicKey.Span, message, signature));
        }, iter: 200);

    [Fact]
    public void Sign_is_randomised()
    {
        var key = KeyPair.Generate();
        Assert.NotEqual(Curve25519.Sign(key.PrivateKey.Span, [1]), Curve25519.Sign(key.PrivateKey.Span, [1]));
    }

    [Fact]
    public void Verify_refuses_an_s_beyond_the_group_order()
    {
        var key = KeyPair.Generate();
        var signature = Curve25519.Sign(key.PrivateKey.Span, [1]);
        var order = (System.Numerics.BigInteger.One << 252) + System.Numerics.BigInteger.Parse("27742317777372353535851937790883648493");
        var sign = (byte)(signature[63] & 0x80);
        signature[63] &= 0x7F;
        var s = new System.Numerics.BigInteger(signature.AsSpan(32), isUnsigned: true) + order;
        var bytes = s.ToByteArray(isUnsigned: true);
        Array.Clear(signature, 32, 32);
        bytes.CopyTo(signature, 32);
        signature[63] |= sign;
        Assert.False(Curve25519.Verify(key.PublicKey.Span, [1], signature));
    }

    [Fact]
    public void Verify_is_false_for_wrong_lengths()
    {
        var key = KeyPair.Generate();
        var signature = Curve25519.Sign(key.PrivateKey.Span, [1]);
        Assert.False(Curve25519.Verify(key.PublicKey.Span[..31], [1], signature));
        Assert.False(Curve25519.Verify(key.PublicKey.Span, [1], signature.AsSpan(0, 63)));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
