using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Pairing;
using Evolution.Protocol.Tests.Vectors;
using Xunit;

namespace Evolution.Protocol.Tests.Pairing;

/// <summary>What Baileys makes of the same pairing (tools/vectors/signal.mjs).</summary>
public sealed class PeerPairingTests
{
    [Fact]
    public void An_ephemeral_key_wrapped_by_the_peer_is_unwrapped()
    {
        var pairing = SignalVectors.Root.GetProperty("pairing");
        Assert.Equal(pairing.Hex("ephemeral"), PairingCode.UnwrapEphemeral(pairing.Text("code"), pairing.Hex("wrapped")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_same_identity_gives_the_same_reply_and_the_peers_reply_verifies(int which)
    {
        var identity = SignalVectors.Root.GetProperty("pairing").GetProperty("identities")[which];
        var companion = KeyPair.FromPrivate(identity.Hex("companionPrivate"));
        var paired = DeviceIdentity.VerifyAndSign(identity.Hex("pairSuccess"), identity.Hex("secret"), companion);

        var ours = ADVSignedDeviceIdentity.Parser.ParseFrom(paired.ReplyIdentity);
        var theirs = ADVSignedDeviceIdentity.Parser.ParseFrom(identity.Hex("reply"));
        Assert.Equal(64, ours.DeviceSignature.Length);
        ours.DeviceSignature = theirs.DeviceSignature;
        Assert.Equal(theirs, ours);
        Assert.Equal(4u, paired.KeyIndex);
        Assert.True(DeviceIdentity.Verify(identity.Hex("reply"), companion.PublicKey.Span, identity.Hex("accountPublic")));
        Assert.Equal(identity.GetProperty("hosted").GetBoolean(), ADVDeviceIdentity.Parser.ParseFrom(ours.Details).DeviceType == ADVEncryptionType.Hosted);
    }
}
