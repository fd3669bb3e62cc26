using System.Text.RegularExpressions;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Pairing;
using Xunit;

namespace Evolution.Protocol.Tests.Pairing;

public sealed partial class PairingCodeTests
{
    private readonly KeyPair _companionEphemeral = KeyPair.Generate();
    private readonly KeyPair _companionIdentity = KeyPair.Generate();
    private readonly KeyPair _phoneEphemeral = KeyPair.Generate();
    private readonly KeyPair _phoneIdentity = KeyPair.Generate();

    [Fact]
    public void Generate_uses_eight_characters_of_the_alphabet()
    {
        for (var i = 0; i < 200; i++)
            Assert.Matches(CodePattern(), PairingCode.Generate());
    }

    [Fact]
    public void Both_sides_agree_on_the_secret_through_the_typed_code()
    {
        var code = PairingCode.Generate();
        var typed = $"{code[..4]}-{code[4..]}".ToLowerInvariant();
        var companionKey = PairingCode.UnwrapEphemeral(typed, PairingCode.WrapEphemeral(code, _companionEphemeral.PublicKey.Span));
        var phoneKey = PairingCode.UnwrapEphemeral(code, PairingCode.WrapEphemeral(typed, _phoneEphemeral.PublicKey.Span));

        var (bundle, secret) = PairingCode.Finish(_companionEphemeral, _companionIdentity, phoneKey, _phoneIdentity.PublicKey.Span);
        Assert.Equal(secret, PairingCode.OpenFinish(_phoneEphemeral, _phoneIdentity, companionKey, _companionIdentity.PublicKey.Span, bundle));
    }

    [Fact]
    public void A_wrong_code_shows_when_the_bundle_is_opened()
    {
        var wrapped = PairingCode.WrapEphemeral("ABCDEFGH", _companionEphemeral.PublicKey.Span);
        var wrong = PairingCode.UnwrapEphemeral("ABCDEFGJ", wrapped);
        Assert.NotEqual(_companionEphemeral.PublicKey.ToArray(), wrong);
        var (bundle, _) = PairingCode.Finish(_companionEphemeral, _companionIdentity, _phoneEphemeral.PublicKey.Span, _phoneIdentity.PublicKey.Span);
        AssertMalformed(() => PairingCode.OpenFinish(_phoneEphemeral, _phoneIdentity, wrong, _companionIdentity.PublicKey.Span, bundle));
    }

    [Fact]
    public void A_bundle_of_another_companion_or_length_is_refused()
    {
        var (bundle, _) = PairingCode.Finish(_companionEphemeral, _companionIdentity, _phoneEphemeral.PublicKey.Span, _phoneIdentity.PublicKey.Span);
        var companion = _companionEphemeral.PublicKey;
        AssertMalformed(() => PairingCode.OpenFinish(_phoneEphemeral, _phoneIdentity, companion.Span, KeyPair.Generate().PublicKey.Span, bundle));
        AssertMalformed(() => PairingCode.OpenFinish(_phoneEphemeral, _phoneIdentity, companion.Span, _companionIdentity.PublicKey.Span, bundle.AsSpan(1)));
        AssertMalformed(() => PairingCode.UnwrapEphemeral("ABCDEFGH", new byte[79]));
    }

    [Fact]
    public void A_key_of_small_order_is_refused() =>
        AssertMalformed(() => PairingCode.Finish(_companionEphemeral, _companionIdentity, new byte[32], _phoneIdentity.PublicKey.Span));

    private static void AssertMalformed(Action action) => Assert.Equal(PairingError.Malformed, Assert.Throws<PairingException>(action).Error);

    [GeneratedRegex("^[1-9A-HJ-NP-TV-Z]{8}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodePattern();
}
