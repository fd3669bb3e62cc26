using System.Text.Json;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Noise;
using Evolution.Protocol.Tests.Vectors;
using Xunit;

namespace Evolution.Protocol.Tests.Noise;

/// <summary>A handshake that the noise handler of unmodified Baileys made (tools/vectors/noise.mjs).</summary>
public sealed class NoiseVectorTests
{
    private static readonly JsonElement Vector = VectorFile.Read("noise.json");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(Vector.GetProperty("notBefore").GetInt64()).AddDays(1);

    [Fact]
    public void The_initiator_writes_the_bytes_of_Baileys()
    {
        var initiator = new NoiseInitiator(Pair("clientStatic"), Pair("clientEphemeral"), new NoiseRoot(Vector.Hex("root")), Now);
        Assert.Equal(Vector.Hex("clientHello"), initiator.WriteClientHello());
        Assert.Equal(Vector.Hex("clientFinish"), initiator.ReadServerHello(Vector.Hex("serverHello"), Vector.Hex("clientPayload")));
        using var cipher = initiator.Split();
        foreach (var sent in Vector.GetProperty("sent").EnumerateArray())
        {
            var reader = new FrameReader();
            reader.Append(sent.Hex("frame"));
            Assert.True(reader.TryRead(out var box));
            Assert.Equal(box.ToArray(), cipher.Encrypt(sent.Hex("plain")));
        }

        foreach (var received in Vector.GetProperty("received").EnumerateArray())
            Assert.Equal(received.Hex("plain"), cipher.Decrypt(received.Hex("box")));
    }

    [Fact]
    public void The_responder_gives_the_bytes_that_Baileys_reads()
    {
        var responder = new NoiseResponder(Pair("serverStatic"), Pair("serverEphemeral"), Vector.Hex("chain"));
        Assert.Equal(Vector.Hex("serverHello"), responder.ReadClientHello(Vector.Hex("clientHello")).Reply);
        Assert.Equal(Vector.Hex("clientPayload"), responder.ReadClientFinish(Vector.Hex("clientFinish")));
        using var cipher = responder.Split();
        foreach (var received in Vector.GetProperty("received").EnumerateArray())
            Assert.Equal(received.Hex("box"), cipher.Encrypt(received.Hex("plain")));
    }

    [Fact]
    public void The_stream_header_is_that_of_Baileys()
    {
        var frame = Vector.Hex("clientHelloFrame");
        var header = FrameWriter.StreamHeader(Vector.Hex("routingInfo"));
        Assert.Equal(header, frame[..header.Length]);
        var reader = new FrameReader();
        reader.Append(frame);
        Assert.True(reader.TryReadStreamHeader(out var read));
        Assert.Equal(Vector.Hex("routingInfo"), read.RoutingInfo.ToArray());
        Assert.True(reader.TryRead(out var hello));
        Assert.Equal(Vector.Hex("clientHello"), hello.ToArray());
    }

    private static KeyPair Pair(string name) => KeyPair.FromPrivate(Vector.Hex(name));
}
