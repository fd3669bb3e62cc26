using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Pairing;
using Google.Protobuf;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>pairing.json: QR codes, the proof of a linked device, and linking by code, from both sides.</summary>
[Trait("Part", "vectors")]
public sealed class KnownPairingTests
{
    private const string File = "pairing.json";

    [Theory]
    [KnownCases(File, "qr")]
    public void A_QR_code_is_written_and_read(KnownCase row)
    {
        var clientType = row.Has("client_type") ? row.Text("client_type") : null;
        // The old form is only read.
        if (clientType is not null)
            Assert.Equal(row.Text("text"), new QrCode(row.Text("ref"), row.Hex("noise"), row.Hex("identity"), row.Hex("adv_secret"), clientType).Format());

        Assert.True(QrCode.TryParse(row.Text("text"), out var code));
        Assert.Equal((row.Text("ref"), clientType), (code.Reference, code.ClientType));
        Assert.Equal(row.Hex("noise"), code.NoiseKey.ToArray());
        Assert.Equal(row.Hex("identity"), code.IdentityKey.ToArray());
        Assert.Equal(row.Hex("adv_secret"), code.AdvSecret.ToArray());
    }

    [Theory]
    [KnownCases(File, "adv")]
    public void A_pair_success_is_judged_and_answered(KnownCase row)
    {
        var own = KeyPair.FromPrivate(KnownVectors.Value(File, "own_identity").Hex("private"));
        PairedIdentity? paired = null;
        row.AssertVerdict<PairingException>(() => paired = DeviceIdentity.VerifyAndSign(row.Hex("device_identity"), Secret(), own));
        if (paired is null)
        {
            var error = Assert.Throws<PairingException>(() => DeviceIdentity.VerifyAndSign(row.Hex("device_identity"), Secret(), own)).Error;
            if (row.Text("expect") == "refuse: hmac")
                Assert.Equal(PairingError.HmacMismatch, error);
            else if (row.Text("expect") == "refuse: account signature")
                Assert.Equal(PairingError.SignatureMismatch, error);
            return;
        }

        Assert.Equal(row.Text("reply_key_index"), paired.KeyIndex.ToString());
        Assert.Equal(row.Hex("details"), paired.Account.Details.ToByteArray());
        Assert.True(Curve25519.Verify(own.PublicKey.Span, row.Hex("device_signature_over"), paired.Account.DeviceSignature.Span));
        // Signatures are never the same twice: with Baileys' in the place of ours both structures are its own to the byte.
        var theirs = ByteString.CopyFrom(row.Hex("device_signature_of_baileys"));
        var account = paired.Account.Clone();
        account.DeviceSignature = theirs;
        Assert.Equal(row.Hex("device_identity_for_messages"), account.ToByteArray());
        var reply = ADVSignedDeviceIdentity.Parser.ParseFrom(paired.ReplyIdentity);
        reply.DeviceSignature = theirs;
        Assert.Equal(row.Hex("reply_device_identity"), reply.ToByteArray());
        var node = NodeReader.Decode(row.Hex("reply_node_bytes")).Child("pair-device-sign")!.Child("device-identity")!;
        Assert.Equal((row.Text("reply_key_index"), row.Text("reply_device_identity")), (node["key-index"], Convert.ToHexStringLower(node.Bytes.Span)));
        // What the phone asks of the reply, and others of the identity beside a message.
        var accountKey = KnownVectors.Value(File, "account_identity").Hex("public");
        Assert.True(DeviceIdentity.Verify(row.Hex("reply_device_identity"), own.PublicKey.Span, accountKey));
        Assert.True(DeviceIdentity.Verify(row.Hex("device_identity_for_messages"), own.PublicKey.Span, default));
    }

    [Theory]
    [KnownCases(File, "device_identities")]
    public void The_identity_of_another_device_is_judged(KnownCase row)
    {
        var valid = row.Json.GetProperty("account_signature_valid").GetBoolean() && row.Json.GetProperty("device_signature_valid").GetBoolean();
        Assert.Equal(valid, DeviceIdentity.Verify(row.Hex("device_identity"), row.Hex("identity"), row.Hex("account_key")));
        Assert.Equal(valid, DeviceIdentity.Verify(row.Hex("device_identity"), row.Hex("identity"), default));
    }

    [Theory]
    [KnownCases(File, "code_encoding")]
    public void Forty_bits_are_a_code(KnownCase row) => Assert.Equal(row.Text("code"), PairingCode.Encode(row.Hex("bytes")));

    [Theory]
    [KnownCases(File, "pairing_code")]
    public void Both_ephemeral_keys_are_unwrapped_with_the_code(KnownCase row)
    {
        Assert.Equal(row.Text("shown"), $"{row.Text("code")[..4]}-{row.Text("code")[4..]}");
        foreach (var code in new[] { row.Text("code"), row.Text("shown"), row.Text("shown").ToLowerInvariant() })
        {
            Assert.Equal(Key(row, "companion", "ephemeral").PublicKey.ToArray(), PairingCode.UnwrapEphemeral(code, row.Hex("wrapped_companion_ephemeral")));
            Assert.Equal(Key(row, "primary", "ephemeral").PublicKey.ToArray(), PairingCode.UnwrapEphemeral(code, row.Hex("wrapped_primary_ephemeral")));
        }

        Assert.Equal((row.Text("salt") + row.Text("iv")), row.Text("wrapped_companion_ephemeral")[..96]);
    }

    [Theory]
    [KnownCases(File, "pairing_code")]
    public void The_phone_opens_the_key_bundle_and_gets_the_secret(KnownCase row)
    {
        var secret = PairingCode.OpenFinish(
            Key(row, "primary", "ephemeral"), Key(row, "primary", "identity"),
            Key(row, "companion", "ephemeral").PublicKey.Span, Key(row, "companion", "identity").PublicKey.Span, row.Hex("key_bundle"));
        Assert.Equal(row.Hex("adv_secret"), secret);
        Assert.Equal(row.Hex("shared_secret_of_ephemerals"), Curve25519.Agree(Key(row, "primary", "ephemeral").PrivateKey.Span, Key(row, "companion", "ephemeral").PublicKey.Span));
    }

    [Theory]
    [KnownCases(File, "pairing_code")]
    public void A_companion_of_ours_gets_the_secret_that_the_phone_gets(KnownCase row)
    {
        var (bundle, secret) = PairingCode.Finish(
            Key(row, "companion", "ephemeral"), Key(row, "companion", "identity"),
            Key(row, "primary", "ephemeral").PublicKey.Span, Key(row, "primary", "identity").PublicKey.Span);
        Assert.Equal(secret, PairingCode.OpenFinish(
            Key(row, "primary", "ephemeral"), Key(row, "primary", "identity"),
            Key(row, "companion", "ephemeral").PublicKey.Span, Key(row, "companion", "identity").PublicKey.Span, bundle));
        // The same layout as the peer's: salt, nonce, box.
        Assert.Equal(row.Hex("key_bundle").Length, bundle.Length);
        var key = Hkdf.Derive(Convert.FromHexString(row.Text("shared_secret_of_ephemerals")), 32, bundle.AsSpan(0, 32), "link_code_pairing_key_bundle_encryption_key"u8);
        Assert.Equal(row.Hex("bundle_plaintext")[..64], AesGcmBox.Open(key, bundle.AsSpan(32, 12), bundle.AsSpan(44))[..64]);
    }

    [Theory]
    [KnownCases(File, "pairing_code")]
    public void The_companions_stanzas_are_read(KnownCase row)
    {
        var hello = NodeReader.Decode(row.Hex("companion_hello")).Child("link_code_companion_reg")!;
        Assert.Equal(($"{row.Text("number")}@s.whatsapp.net", "companion_hello"), (hello["jid"], hello["stage"]));
        Assert.Equal(row.Hex("wrapped_companion_ephemeral"), hello.Child("link_code_pairing_wrapped_companion_ephemeral_pub")!.Bytes.ToArray());
        Assert.Equal(Key(row, "companion", "noise").PublicKey.ToArray(), hello.Child("companion_server_auth_key_pub")!.Bytes.ToArray());

        var finish = NodeReader.Decode(row.Hex("companion_finish")).Child("link_code_companion_reg")!;
        Assert.Equal("companion_finish", finish["stage"]);
        Assert.Equal(row.Hex("key_bundle"), finish.Child("link_code_pairing_wrapped_key_bundle")!.Bytes.ToArray());
        Assert.Equal(Key(row, "companion", "identity").PublicKey.ToArray(), finish.Child("companion_identity_public")!.Bytes.ToArray());
    }

    private static byte[] Secret() => Convert.FromHexString(KnownVectors.Value(File, "adv_secret").GetString()!);

    private static KeyPair Key(KnownCase row, string who, string which) =>
        KeyPair.FromPrivate(row.Json.GetProperty(who).GetProperty(which).Hex("private"));
}
