using System.Buffers;
using BenchmarkDotNet.Attributes;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Noise;

namespace Evolution.Benchmarks.HotPaths;

/// <summary>Frames of 400 bytes after the handshake.</summary>
public class NoiseFrames
{
    private readonly byte[] plaintext = new byte[400];
    private readonly ArrayBufferWriter<byte> box = new(1024);
    private readonly NoiseCipher client;
    private readonly NoiseCipher server;
    private readonly NoiseCipher alone;

    public NoiseFrames()
    {
        (client, server) = Connect();
        (alone, _) = Connect();
    }

    [Benchmark]
    public byte[] Seal() => alone.Encrypt(plaintext);

    /// <summary>A frame can be opened once, so each is sealed first, into a buffer that is there already.</summary>
    [Benchmark]
    public byte[] SealAndOpen()
    {
        box.ResetWrittenCount();
        client.Encrypt(plaintext, box);
        return server.Decrypt(box.WrittenSpan);
    }

    private static (NoiseCipher Client, NoiseCipher Server) Connect()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);
        KeyPair root = KeyPair.Generate(), key = KeyPair.Generate();
        var chain = NoiseCertificates.Issue(root, KeyPair.Generate(), key.PublicKey.Span, now.AddDays(-1), now.AddDays(1));
        var initiator = new NoiseInitiator(KeyPair.Generate(), new NoiseRoot(root.PublicKey), now);
        var responder = new NoiseResponder(key, chain);
        var finish = initiator.ReadServerHello(responder.ReadClientHello(initiator.WriteClientHello()).Reply, [1]);
        responder.ReadClientFinish(finish);
        return (initiator.Split(), responder.Split());
    }
}
