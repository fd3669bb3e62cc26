using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Framing;
using Google.Protobuf;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>The first frames of a client that knows the server's key from earlier and resumes with it (Noise IK), which our own client does not do.</summary>
internal static class ResumingClient
{
    /// <summary>Whether the server takes the resumption; else it shows its key and certificate anew.</summary>
    public static async Task<bool> IsTakenAsync(SimulatorHost host, CancellationToken ct)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(host.WebSocketUrl, ct);
        var output = new ArrayBufferWriter<byte>();
        output.Write(FrameWriter.StreamHeader(default));
        FrameWriter.WriteFrame(output, new HandshakeMessage { ClientHello = Hello(host.World.Keys.Static.PublicKey.Span) }.ToByteArray());
        await socket.SendAsync(output.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, ct);

        var frames = new FrameReader();
        var buffer = new byte[16 * 1024];
        ReadOnlyMemory<byte> frame;
        while (!frames.TryRead(out frame))
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(), ct);
            Assert.NotEqual(WebSocketMessageType.Close, read.MessageType);
            frames.Append(buffer.AsSpan(0, read.Count));
        }

        return !HandshakeMessage.Parser.ParseFrom(frame.Span).ServerHello.HasStatic;
    }

    private static HandshakeMessage.Types.ClientHello Hello(ReadOnlySpan<byte> server)
    {
        var (own, ephemeral) = (KeyPair.Generate(), KeyPair.Generate());
        var hash = Encoding.ASCII.GetBytes("Noise_IK_25519_AESGCM_SHA256\0\0\0\0");
        var chaining = hash;
        Mix(StreamHeader.Prologue);
        Mix(server);
        Mix(ephemeral.PublicKey.Span);
        var sealedStatic = Seal(Curve25519.Agree(ephemeral.PrivateKey.Span, server), own.PublicKey.Span);
        var payload = Seal(Curve25519.Agree(own.PrivateKey.Span, server), new ClientPayload().ToByteArray());
        return new HandshakeMessage.Types.ClientHello
        {
            Ephemeral = ByteString.CopyFrom(ephemeral.PublicKey.Span),
            Static = ByteString.CopyFrom(sealedStatic),
            Payload = ByteString.CopyFrom(payload),
        };

        void Mix(ReadOnlySpan<byte> data) => hash = SHA256.HashData([.. hash, .. data]);

        byte[] Seal(byte[] secret, ReadOnlySpan<byte> plaintext)
        {
            var keys = Hkdf.Derive(secret, 64, chaining, default);
            chaining = keys[..32];
            var box = AesGcmBox.Seal(keys.AsSpan(32), new byte[12], plaintext, hash);
            Mix(box);
            return box;
        }
    }
}
