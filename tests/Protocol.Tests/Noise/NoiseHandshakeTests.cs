using System.Buffers;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Noise;
using Xunit;

namespace Evolution.Protocol.Tests.Noise;

public sealed class NoiseHandshakeTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);

    private readonly KeyPair _root = KeyPair.Generate();
    private readonly KeyPair _server = KeyPair.Generate();
    private readonly KeyPair _client = KeyPair.Generate();
    private readonly byte[] _chain;

    public NoiseHandshakeTests() =>
        _chain = NoiseCertificates.Issue(_root, KeyPair.Generate(), _server.PublicKey.Span, Now.AddDays(-1), Now.AddDays(30));

    [Fact]
    public void XX_gives_both_sides_the_same_keys_and_the_server_the_payload()
    {
        var initiator = Initiator();
        var responder = new NoiseResponder(_server, _chain);
        var step = responder.ReadClientHello(initiator.WriteClientHello());
        Assert.Equal(NoisePattern.XX, step.Pattern);
        Assert.Null(step.ClientPayload);
        var finish = initiator.ReadServerHello(step.Reply, "payload"u8);
        Assert.Equal("payload"u8.ToArray(), responder.ReadClientFinish(finish));
        Assert.Equal(_client.PublicKey.ToArray(), responder.RemoteStatic.ToArray());
        AssertTalk(initiator.Split(), responder.Split());
    }

    [Fact]
    public void IK_is_complete_with_the_reply()
    {
        var client = new ResumingClient(_client, _server.PublicKey);
        var responder = new NoiseResponder(_server, _chain);
        var step = responder.ReadClientHello(client.WriteHello("payload"u8));
        Assert.Equal(NoisePattern.IK, step.Pattern);
        Assert.Equal("payload"u8.ToArray(), step.ClientPayload);
        Assert.Null(client.ReadServerHello(step.Reply, default));
        Assert.Equal(_chain, client.Chain.ToArray());
        Assert.Equal(_client.PublicKey.ToArray(), responder.RemoteStatic.ToArray());
        AssertTalk(client.Split(), responder.Split());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_refused_IK_goes_on_as_XXfallback_with_the_same_ephemeral_key(bool knowsAnotherKey)
    {
        var client = new ResumingClient(_client, knowsAnotherKey ? KeyPair.Generate().PublicKey : _server.PublicKey);
        var responder = new NoiseResponder(_server, _chain, acceptResumption: knowsAnotherKey);
        var step = responder.ReadClientHello(client.WriteHello("first"u8));
        Assert.Equal(NoisePattern.XXFallback, step.Pattern);
        Assert.Null(step.ClientPayload);
        var finish = client.ReadServerHello(step.Reply, "second"u8);
        Assert.Equal("second"u8.ToArray(), responder.ReadClientFinish(finish));
        Assert.Equal(_server.PublicKey.ToArray(), client.ServerKey.ToArray());
        AssertTalk(client.Split(), responder.Split());
    }

    [Fact]
    public void A_server_with_another_root_is_refused()
    {
        var initiator = new NoiseInitiator(_client, new NoiseRoot(KeyPair.Generate().PublicKey), Now);
        Assert.Equal(NoiseError.UntrustedIntermediate, Refusal(initiator, _server, _chain));
        Assert.Throws<InvalidOperationException>(initiator.Split);
    }

    [Fact]
    public void A_server_with_the_chain_of_another_key_is_refused() =>
        Assert.Equal(NoiseError.KeyMismatch, Refusal(Initiator(), KeyPair.Generate(), _chain));

    [Fact]
    public void The_root_of_WhatsApp_does_not_vouch_for_our_own_servers() =>
        Assert.Equal(NoiseError.UntrustedIntermediate, Refusal(new NoiseInitiator(_client, NoiseRoot.WhatsApp, Now), _server, _chain));

    [Fact]
    public void A_flipped_bit_anywhere_in_the_server_hello_is_refused()
    {
        var initiatorKey = KeyPair.Generate();
        var length = new NoiseResponder(_server, _chain).ReadClientHello(Initiator().WriteClientHello()).Reply.Length;
        for (var i = 0; i < length; i++)
        {
            var initiator = new NoiseInitiator(initiatorKey, new NoiseRoot(_root.PublicKey), Now);
            var reply = new NoiseResponder(_server, _chain).ReadClientHello(initiator.WriteClientHello()).Reply;
            reply[i] ^= 0x40;
            Assert.Throws<NoiseException>(() => initiator.ReadServerHello(reply, default));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ff")]
    [InlineData("1a00")]
    [InlineData("12020a00")]
    public void A_frame_that_is_no_server_hello_is_malformed(string hex)
    {
        var initiator = Initiator();
        initiator.WriteClientHello();
        Assert.Equal(NoiseError.Malformed, Assert.Throws<NoiseException>(() => initiator.ReadServerHello(Convert.FromHexString(hex), default)).Error);
        Assert.Equal(NoiseError.Malformed, Assert.Throws<NoiseException>(() => new NoiseResponder(_server, _chain).ReadClientHello(Convert.FromHexString(hex))).Error);
    }

    [Fact]
    public void A_key_of_small_order_is_malformed()
    {
        byte[] hello = [0x12, 34, 0x0A, 32, .. new byte[32]];
        Assert.Equal(NoiseError.Malformed, Assert.Throws<NoiseException>(() => new NoiseResponder(_server, _chain).ReadClientHello(hello)).Error);
    }

    [Fact]
    public void Steps_out_of_order_are_refused()
    {
        var initiator = Initiator();
        Assert.Throws<InvalidOperationException>(initiator.Split);
        Assert.Throws<InvalidOperationException>(() => initiator.ReadServerHello(default, default));
        var hello = initiator.WriteClientHello();
        Assert.Throws<InvalidOperationException>(initiator.WriteClientHello);
        Assert.Throws<InvalidOperationException>(initiator.Split);

        var responder = new NoiseResponder(_server, _chain);
        Assert.Throws<InvalidOperationException>(() => responder.ReadClientFinish(default));
        var step = responder.ReadClientHello(hello);
        Assert.Throws<InvalidOperationException>(responder.Split);
        Assert.Throws<InvalidOperationException>(() => responder.ReadClientHello(hello));
        responder.ReadClientFinish(initiator.ReadServerHello(step.Reply, default));
        initiator.Split().Dispose();
        responder.Split().Dispose();
        // A second cipher would use the first one's nonces again.
        Assert.Throws<InvalidOperationException>(initiator.Split);
        Assert.Throws<InvalidOperationException>(responder.Split);
    }

    [Fact]
    public void A_frame_that_is_missing_repeated_or_tampered_with_does_not_decrypt()
    {
        var (client, server) = Connect();
        var first = client.Encrypt("1"u8);
        var second = client.Encrypt("2"u8);
        Assert.Equal(NoiseError.NotAuthentic, Assert.Throws<NoiseException>(() => server.Decrypt(second)).Error);
        Assert.Equal("1"u8.ToArray(), server.Decrypt(first));
        Assert.Throws<NoiseException>(() => server.Decrypt(first));
        second[0] ^= 1;
        Assert.Throws<NoiseException>(() => server.Decrypt(second));
        Assert.Equal(NoiseError.Malformed, Assert.Throws<NoiseException>(() => server.Decrypt(new byte[15])).Error);
    }

    [Fact]
    public void Encrypting_into_a_buffer_gives_the_same_frames()
    {
        var (client, server) = Connect();
        var output = new ArrayBufferWriter<byte>();
        client.Encrypt("1"u8, output);
        Assert.Equal("1"u8.ToArray(), server.Decrypt(output.WrittenSpan));
        Assert.Equal("2"u8.ToArray(), server.Decrypt(client.Encrypt("2"u8)));
    }

    private (NoiseCipher Client, NoiseCipher Server) Connect()
    {
        var initiator = Initiator();
        var responder = new NoiseResponder(_server, _chain);
        responder.ReadClientFinish(initiator.ReadServerHello(responder.ReadClientHello(initiator.WriteClientHello()).Reply, default));
        return (initiator.Split(), responder.Split());
    }

    private NoiseInitiator Initiator() => new(_client, new NoiseRoot(_root.PublicKey), Now);

    private static NoiseError Refusal(NoiseInitiator initiator, KeyPair server, byte[] chain)
    {
        var step = new NoiseResponder(server, chain).ReadClientHello(initiator.WriteClientHello());
        return Assert.Throws<NoiseException>(() => initiator.ReadServerHello(step.Reply, default)).Error;
    }

    private static void AssertTalk(NoiseCipher client, NoiseCipher server)
    {
        for (byte i = 0; i < 3; i++)
        {
            Assert.Equal([i, 1], server.Decrypt(client.Encrypt([i, 1])));
            Assert.Equal([i, 2], client.Decrypt(server.Encrypt([i, 2])));
        }
    }
}
