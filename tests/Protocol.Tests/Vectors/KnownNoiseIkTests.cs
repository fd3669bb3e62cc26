using System.Text.Json;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Noise;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>noise-ik.json: handshakes of a client that resumes, answered by the side that the simulator speaks.</summary>
[Trait("Part", "vectors")]
public sealed class KnownNoiseIkTests
{
    private const string File = "noise-ik.json";

    [Theory]
    [KnownCases(File, "handshakes")]
    public void The_server_answers_to_the_byte(KnownCase row)
    {
        var keys = row.Json.GetProperty("keys");
        var pattern = Enum.Parse<NoisePattern>(row.Text("pattern"), ignoreCase: true);
        var reader = new FrameReader();
        reader.Append(row.Hex("intro"));
        Assert.True(reader.TryReadStreamHeader(out _));

        var responder = new NoiseResponder(
            Pair(keys, "server_static"), Pair(keys, "server_ephemeral"), row.Hex("certificate_chain"), acceptResumption: pattern != NoisePattern.XXFallback);
        var step = responder.ReadClientHello(row.Hex("client_hello"));

        Assert.Equal(pattern, step.Pattern);
        Assert.Equal(row.Hex("server_hello"), step.Reply);
        Assert.Equal(pattern == NoisePattern.IK, step.ClientPayload is not null);
        var payload = step.ClientPayload ?? responder.ReadClientFinish(row.Hex("client_finish"));
        Assert.NotNull(Proto.ClientPayload.Parser.ParseFrom(payload).UserAgent);
        Assert.Equal(keys.GetProperty("client_static").Hex("public"), responder.RemoteStatic.ToArray());
        using var cipher = responder.Split();
        KnownFrames.AssertRead(cipher, row.Json.GetProperty("client_to_server"), row.Hex("client_to_server_key"));
        KnownFrames.AssertWritten(cipher, row.Json.GetProperty("server_to_client"));
    }

    [Theory]
    [KnownCases(File, "handshakes")]
    public void The_certificate_holds_for_the_server(KnownCase row) => NoiseCertificates.Verify(
        row.Hex("certificate_chain"),
        new NoiseRoot(Convert.FromHexString(KnownVectors.Value(File, "root").GetString()!)),
        row.Json.GetProperty("keys").GetProperty("server_static").Hex("public"),
        DateTimeOffset.FromUnixTimeSeconds(KnownVectors.Value(File, "now").GetInt64()),
        TimeSpan.Zero);

    private static KeyPair Pair(JsonElement keys, string name) => KeyPair.FromPrivate(keys.GetProperty(name).Hex("private"));
}
