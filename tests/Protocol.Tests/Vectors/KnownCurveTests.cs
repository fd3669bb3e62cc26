using System.Security.Cryptography;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;
using Google.Protobuf;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>curve.json: keys, agreement, signatures and the derivations that rest on them.</summary>
[Trait("Part", "vectors")]
public sealed class KnownCurveTests
{
    private const string File = "curve.json";

    [Theory]
    [KnownCases(File, "key_pairs")]
    public void A_private_key_gives_its_public_key_clamped_or_not(KnownCase row)
    {
        Assert.Equal(row.Hex("public"), KeyPair.FromPrivate(row.Hex("seed")).PublicKey.ToArray());
        Assert.Equal(row.Hex("public"), KeyPair.FromPrivate(row.Hex("clamped")).PublicKey.ToArray());
        Assert.Equal(row.Hex("public33"), WireKey.ToByteString(row.Hex("public")).ToByteArray());
    }

    [Theory]
    [KnownCases(File, "dh")]
    public void Two_keys_agree(KnownCase row) => Assert.Equal(row.Hex("shared"), Curve25519.Agree(row.Hex("private"), row.Hex("public")));

    [Theory]
    [KnownCases(File, "low_order")]
    public void A_key_of_small_order_is_refused(KnownCase row) =>
        Assert.ThrowsAny<CryptographicException>(() => Curve25519.Agree(row.Hex("private"), row.Hex("public")));

    [Theory]
    [KnownCases(File, "key_forms")]
    public void Only_33_bytes_with_the_type_are_a_key_in_a_Signal_message(KnownCase row)
    {
        var wire = ByteString.CopyFrom(row.Hex("public"));
        if (wire.Length == 33 && wire[0] == 5)
            Assert.Equal(wire.ToByteArray()[1..], WireKey.Read(wire).ToArray());
        else
            Assert.Equal(SignalError.InvalidMessage, Assert.Throws<SignalException>(() => WireKey.Read(wire)).Error);
    }

    [Theory]
    [KnownCases(File, "signatures")]
    public void The_same_random_bytes_give_the_same_signature(KnownCase row)
    {
        Assert.Equal(row.Text("signature"), Convert.ToHexStringLower(Curve25519.Sign(row.Hex("private"), row.Hex("message"), row.Hex("random"))));
        Assert.True(Curve25519.Verify(row.Hex("public"), row.Hex("message"), row.Hex("signature")));
    }

    [Theory]
    [KnownCases(File, "signatures_of_baileys")]
    public void A_signature_without_randomness_verifies(KnownCase row)
    {
        Assert.Equal(row.Hex("public"), KeyPair.FromPrivate(row.Hex("private")).PublicKey.ToArray());
        Assert.True(Curve25519.Verify(row.Hex("public"), row.Hex("message"), row.Hex("signature")));
    }

    // `valid` is null where s is not reduced: libraries differ there.
    [Theory]
    [KnownCases(File, "verify")]
    public void A_signature_is_judged(KnownCase row)
    {
        var verdict = Curve25519.Verify(row.Hex("public"), row.Hex("message"), row.Hex("signature"));
        if (row.Has("valid"))
            Assert.Equal(row.Json.GetProperty("valid").GetBoolean(), verdict);
    }

    [Theory]
    [KnownCases(File, "hkdf")]
    public void Hkdf_derives(KnownCase row) =>
        Assert.Equal(row.Text("okm"), Convert.ToHexStringLower(Hkdf.Derive(row.Hex("ikm"), row.Json.GetProperty("length").GetInt32(), row.Hex("salt"), row.Hex("info"))));

    [Theory]
    [KnownCases(File, "chain_steps")]
    public void A_chain_steps(KnownCase row)
    {
        var seed = new byte[MessageChain.KeySize];
        var next = MessageChain.Start(row.Hex("chain")).Next(seed);
        Assert.Equal(row.Hex("seed"), seed);
        Assert.Equal(row.Hex("next"), next.Key.ToArray());
        Assert.Equal(row.Hex("message_keys"), Hkdf.Derive(seed, 80, default, "WhisperMessageKeys"u8));
        Assert.Equal(row.Hex("group_keys"), Hkdf.Derive(seed, 48, default, "WhisperGroup"u8));
    }
}
