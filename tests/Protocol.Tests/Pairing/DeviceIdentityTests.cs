using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Pairing;
using Google.Protobuf;
using Xunit;

namespace Evolution.Protocol.Tests.Pairing;

public sealed class DeviceIdentityTests
{
    private readonly KeyPair _account = KeyPair.Generate();
    private readonly KeyPair _companion = KeyPair.Generate();
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void What_a_phone_issues_a_companion_accepts_and_signs(bool hostedAccount, bool hostedDevice)
    {
        var issued = DeviceIdentity.Issue(_account, _companion.PublicKey.Span, Details(hostedAccount, hostedDevice), _secret);
        var paired = DeviceIdentity.VerifyAndSign(issued, _secret, _companion);

        Assert.Equal(3u, paired.KeyIndex);
        Assert.Equal(_account.PublicKey.ToArray(), paired.Account.AccountSignatureKey.ToByteArray());
        var reply = ADVSignedDeviceIdentity.Parser.ParseFrom(paired.ReplyIdentity);
        Assert.False(reply.HasAccountSignatureKey);
        Assert.True(DeviceIdentity.Verify(paired.ReplyIdentity, _companion.PublicKey.Span, _account.PublicKey.Span));
        Assert.True(DeviceIdentity.Verify(paired.Account.ToByteArray(), _companion.PublicKey.Span, default));
    }

    [Fact]
    public void The_hosted_prefixes_change_what_is_signed()
    {
        var issued = ADVSignedDeviceIdentityHMAC.Parser.ParseFrom(
            DeviceIdentity.Issue(_account, _companion.PublicKey.Span, Details(hostedAccount: true, hostedDevice: false), _secret));
        issued.AccountType = ADVEncryptionType.E2Ee;
        AssertError(PairingError.HmacMismatch, "hmac-mismatch", 401, () => DeviceIdentity.VerifyAndSign(issued.ToByteArray(), _secret, _companion));
    }

    [Fact]
    public void A_hosted_device_may_sign_with_its_own_prefix_and_another_may_not()
    {
        Assert.True(SignedWithHostedPrefix(hostedDevice: true));
        Assert.False(SignedWithHostedPrefix(hostedDevice: false));

        bool SignedWithHostedPrefix(bool hostedDevice)
        {
            var issued = DeviceIdentity.Issue(_account, _companion.PublicKey.Span, Details(false, hostedDevice), _secret);
            var identity = DeviceIdentity.VerifyAndSign(issued, _secret, _companion).Account;
            byte[] signed = [6, 6, .. identity.Details.Span, .. _companion.PublicKey.Span, .. _account.PublicKey.Span];
            identity.DeviceSignature = ByteString.CopyFrom(Curve25519.Sign(_companion.PrivateKey.Span, signed));
            return DeviceIdentity.Verify(identity.ToByteArray(), _companion.PublicKey.Span, default);
        }
    }

    [Fact]
    public void Another_secret_another_companion_and_garbage_are_told_apart()
    {
        var issued = DeviceIdentity.Issue(_account, _companion.PublicKey.Span, Details(), _secret);
        AssertError(PairingError.HmacMismatch, "hmac-mismatch", 401, () => DeviceIdentity.VerifyAndSign(issued, new byte[32], _companion));
        AssertError(PairingError.SignatureMismatch, "signature-mismatch", 401, () => DeviceIdentity.VerifyAndSign(issued, _secret, KeyPair.Generate()));
        AssertError(PairingError.Malformed, "internal-error", 500, () => DeviceIdentity.VerifyAndSign([0xFF], _secret, _companion));
    }

    [Fact]
    public void Verify_refuses_another_account_another_device_and_a_missing_signature()
    {
        var issued = DeviceIdentity.Issue(_account, _companion.PublicKey.Span, Details(), _secret);
        var account = DeviceIdentity.VerifyAndSign(issued, _secret, _companion).Account;
        var bytes = account.ToByteArray();
        var other = KeyPair.Generate().PublicKey;
        Assert.False(DeviceIdentity.Verify(bytes, _companion.PublicKey.Span, other.Span));
        Assert.False(DeviceIdentity.Verify(bytes, other.Span, _account.PublicKey.Span));
        account.ClearDeviceSignature();
        Assert.False(DeviceIdentity.Verify(account.ToByteArray(), _companion.PublicKey.Span, _account.PublicKey.Span));
        Assert.False(DeviceIdentity.Verify([0xFF], _companion.PublicKey.Span, _account.PublicKey.Span));
    }

    [Fact]
    public void A_key_index_list_is_read_only_with_its_accounts_signature()
    {
        var issued = KeyIndexList.Issue(_account, new ADVKeyIndexList { RawId = 1, Timestamp = 1_700_000_000, CurrentIndex = 2, ValidIndexes = { 0, 2 } });
        Assert.True(KeyIndexList.TryParse(issued, _account.PublicKey.Span, out var list));
        Assert.Equal([0u, 2u], list.ValidIndexes);
        Assert.False(KeyIndexList.TryParse(issued, _companion.PublicKey.Span, out _));
        Assert.False(KeyIndexList.TryParse([0xFF], _account.PublicKey.Span, out _));
    }

    private static ADVDeviceIdentity Details(bool hostedAccount = false, bool hostedDevice = false)
    {
        var details = new ADVDeviceIdentity { RawId = 77, Timestamp = 1_700_000_000, KeyIndex = 3 };
        if (hostedAccount)
            details.AccountType = ADVEncryptionType.Hosted;
        if (hostedDevice)
            details.DeviceType = ADVEncryptionType.Hosted;
        return details;
    }

    private static void AssertError(PairingError error, string text, int status, Action action)
    {
        var exception = Assert.Throws<PairingException>(action);
        Assert.Equal((error, text, status), (exception.Error, exception.Text, exception.StatusCode));
    }
}
