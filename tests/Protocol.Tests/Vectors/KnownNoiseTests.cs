using System.Runtime.CompilerServices;
using System.Text.Json;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Noise;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>noise.json: XX handshakes from both sides, certificate chains, frames.</summary>
[Trait("Part", "vectors")]
public sealed class KnownNoiseTests
{
    private const string File = "noise.json";

    [Theory]
    [KnownCases(File, "handshakes")]
    public void The_client_writes_the_handshake_to_the_byte(KnownCase row)
    {
        var keys = row.Json.GetProperty("keys");
        var now = DateTimeOffset.FromUnixTimeSeconds(row.Json.GetProperty("now").GetInt64());
        var initiator = new NoiseInitiator(Pair(keys, "client_static"), Pair(keys, "client_ephemeral"), new NoiseRoot(keys.GetProperty("root").Hex("public")), now);

        Assert.Equal(row.Hex("client_hello"), initiator.WriteClientHello());
        var header = FrameWriter.StreamHeader(row.Has("routing_info") ? row.Hex("routing_info") : []);
        byte[] firstBytes = [.. header, .. KnownFrames.Framed(row.Hex("client_hello"))];
        Assert.Equal(row.Hex("first_bytes_on_the_socket"), firstBytes);
        Assert.Equal(row.Hex("client_finish"), initiator.ReadServerHello(row.Hex("server_hello"), row.Hex("client_payload")));
        Assert.Equal(row.Hex("client_finish_frame"), KnownFrames.Framed(row.Hex("client_finish")));
        using var cipher = initiator.Split();
        KnownFrames.AssertWritten(cipher, row.Json.GetProperty("client_to_server"));
        KnownFrames.AssertRead(cipher, row.Json.GetProperty("server_to_client"), row.Hex("server_to_client_key"));
    }

    [Theory]
    [KnownCases(File, "handshakes")]
    public void The_server_writes_the_handshake_to_the_byte(KnownCase row)
    {
        var keys = row.Json.GetProperty("keys");
        var reader = new FrameReader();
        reader.Append(row.Hex("first_bytes_on_the_socket"));
        Assert.True(reader.TryReadStreamHeader(out var header));
        Assert.Equal(row.Has("routing_info") ? row.Hex("routing_info") : [], header.RoutingInfo.ToArray());
        Assert.True(reader.TryRead(out var hello));

        var responder = new NoiseResponder(Pair(keys, "server_static"), Pair(keys, "server_ephemeral"), row.Hex("certificate_chain"));
        Assert.Equal(row.Hex("server_hello"), responder.ReadClientHello(hello.Span).Reply);
        Assert.Equal(row.Hex("client_payload"), responder.ReadClientFinish(row.Hex("client_finish")));
        Assert.Equal(keys.GetProperty("client_static").Hex("public"), responder.RemoteStatic.ToArray());
        using var cipher = responder.Split();
        KnownFrames.AssertRead(cipher, row.Json.GetProperty("client_to_server"), row.Hex("client_to_server_key"));
        KnownFrames.AssertWritten(cipher, row.Json.GetProperty("server_to_client"));
    }

    [Theory]
    [KnownCases(File, "handshakes")]
    public void The_state_is_as_given_after_each_step(KnownCase row)
    {
        var keys = row.Json.GetProperty("keys");
        var (ephemeral, noiseKey) = (Pair(keys, "client_ephemeral"), Pair(keys, "client_static"));
        var serverEphemeral = Pair(keys, "server_ephemeral").PublicKey.ToArray();
        var serverStatic = Pair(keys, "server_static").PublicKey.ToArray();
        var state = new NoiseState(NoiseState.Xx);
        foreach (var step in row.Json.GetProperty("steps").EnumerateArray())
        {
            var name = step.Text("after");
            Action? act = name switch
            {
                // Our state comes into being with the header mixed in.
                "start" or "mixHash(header)" => null,
                "mixHash(client ephemeral)" => () => state.MixHash(ephemeral.PublicKey.Span),
                "mixHash(server ephemeral)" => () => state.MixHash(serverEphemeral),
                "mixKey(DH(ephemerals))" => () => state.MixAgreement(ephemeral.PrivateKey.Span, serverEphemeral),
                "server static" => () => state.Encrypt(serverStatic),
                "mixKey(DH(client ephemeral, server static))" => () => state.MixAgreement(ephemeral.PrivateKey.Span, serverStatic),
                "certificate" => () => state.Encrypt(row.Hex("certificate_chain")),
                "client static" => () => state.Encrypt(noiseKey.PublicKey.Span),
                "mixKey(DH(client static, server ephemeral))" => () => state.MixAgreement(noiseKey.PrivateKey.Span, serverEphemeral),
                "client payload" => () => state.Encrypt(row.Hex("client_payload")),
                _ => throw new InvalidDataException($"{row} has an unknown step '{name}'."),
            };
            act?.Invoke();
            if (name != "start")
                Assert.Equal((name, step.Text("h"), step.Text("ck"), KeyOf(step), step.Number("n")), (name, Hex(Hash(state)), Hex(ChainingKey(state)), Hex(Key(state)), Counter(state)));
        }
    }

    [Theory]
    [KnownCases(File, "handshakes", Only = nameof(HasFarCounters))]
    public void Counters_far_ahead_give_their_nonce(KnownCase row)
    {
        foreach (var frame in row.Json.GetProperty("far_counters_client_to_server").EnumerateArray())
        {
            var nonce = new byte[12];
            NoiseState.Nonce(nonce, frame.Number("n"));
            Assert.Equal(frame.Hex("ciphertext"), AesGcmBox.Seal(row.Hex("client_to_server_key"), nonce, frame.Hex("plaintext")));
        }
    }

    // Without the day by which our clock may be wrong: these are out of date by a second.
    [Theory]
    [KnownCases(File, "certificates")]
    public void A_certificate_chain_is_judged(KnownCase row)
    {
        var keys = KnownVectors.Value(File, "certificate_keys");
        var now = DateTimeOffset.FromUnixTimeSeconds(keys.GetProperty("now").GetInt64());
        var root = new NoiseRoot(keys.Hex("root"));
        row.AssertVerdict<NoiseException>(() =>
        {
            var initiator = new NoiseInitiator(Pair(keys, "client_static"), Pair(keys, "client_ephemeral"), root, now, TimeSpan.Zero);
            initiator.WriteClientHello();
            initiator.ReadServerHello(row.Hex("server_hello"), default);
        });
        row.AssertVerdict<NoiseException>(() =>
            NoiseCertificates.Verify(row.Hex("chain"), root, row.Hex("server_static"), now, TimeSpan.Zero));
    }

    [Theory]
    [KnownCases(File, "tampered")]
    public void A_frame_that_was_altered_is_refused(KnownCase row)
    {
        using var cipher = new NoiseCipher(new byte[32], row.Hex("key"));
        ReadCounter(cipher) = row.Json.Number("counter");
        Assert.Throws<NoiseException>(() => cipher.Decrypt(row.Hex("ciphertext")));
    }

    private static bool HasFarCounters(KnownCase row) => row.Has("far_counters_client_to_server");

    private static KeyPair Pair(JsonElement keys, string name) => KeyPair.FromPrivate(keys.GetProperty(name).Hex("private"));

    private static string KeyOf(JsonElement step) => step.GetProperty("k").GetString() ?? "";

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_hash")]
    private static extern ref byte[] Hash(NoiseState state);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_chainingKey")]
    private static extern ref byte[] ChainingKey(NoiseState state);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_key")]
    private static extern ref byte[] Key(NoiseState state);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_counter")]
    private static extern ref uint Counter(NoiseState state);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_readCounter")]
    private static extern ref uint ReadCounter(NoiseCipher cipher);
}
