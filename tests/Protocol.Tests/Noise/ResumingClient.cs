using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Noise;
using Google.Protobuf;

namespace Evolution.Protocol.Tests.Noise;

/// <summary>
/// A client that resumes with IK and goes on with XXfallback when it is refused (whatsapp-rust: wacore/src/handshake). Our own
/// client never does; the server side is there for those that do.
/// </summary>
internal sealed class ResumingClient(KeyPair noiseKey, ReadOnlyMemory<byte> knownServerKey)
{
    private readonly KeyPair _ephemeral = KeyPair.Generate();
    private NoiseState _state = new(NoiseState.Ik);

    public ReadOnlyMemory<byte> Chain { get; private set; }

    public ReadOnlyMemory<byte> ServerKey { get; private set; }

    public byte[] WriteHello(ReadOnlySpan<byte> payload)
    {
        _state.MixHash(knownServerKey.Span);
        _state.MixHash(_ephemeral.PublicKey.Span);
        _state.MixAgreement(_ephemeral.PrivateKey.Span, knownServerKey.Span);
        var sealedKey = _state.Encrypt(noiseKey.PublicKey.Span);
        _state.MixAgreement(noiseKey.PrivateKey.Span, knownServerKey.Span);
        return new HandshakeMessage
        {
            ClientHello = new HandshakeMessage.Types.ClientHello
            {
                Ephemeral = ByteString.CopyFrom(_ephemeral.PublicKey.Span),
                Static = ByteString.CopyFrom(sealedKey),
                Payload = ByteString.CopyFrom(_state.Encrypt(payload)),
            },
        }.ToByteArray();
    }

    /// <summary>The client finish when the server refused the resumption; null when the handshake is complete.</summary>
    public byte[]? ReadServerHello(ReadOnlySpan<byte> serverHello, ReadOnlySpan<byte> payload)
    {
        var hello = HandshakeMessage.Parser.ParseFrom(serverHello).ServerHello;
        var serverEphemeral = hello.Ephemeral.Span;
        if (!hello.HasStatic)
        {
            _state.MixHash(serverEphemeral);
            _state.MixAgreement(_ephemeral.PrivateKey.Span, serverEphemeral);
            _state.MixAgreement(noiseKey.PrivateKey.Span, serverEphemeral);
            Chain = _state.Decrypt(hello.Payload.Span);
            ServerKey = knownServerKey;
            return null;
        }

        _state = new NoiseState(NoiseState.XxFallback);
        _state.MixHash(_ephemeral.PublicKey.Span);
        _state.MixHash(serverEphemeral);
        _state.MixAgreement(_ephemeral.PrivateKey.Span, serverEphemeral);
        ServerKey = _state.Decrypt(hello.Static.Span);
        _state.MixAgreement(_ephemeral.PrivateKey.Span, ServerKey.Span);
        Chain = _state.Decrypt(hello.Payload.Span);
        var sealedKey = _state.Encrypt(noiseKey.PublicKey.Span);
        _state.MixAgreement(noiseKey.PrivateKey.Span, serverEphemeral);
        return new HandshakeMessage
        {
            ClientFinish = new HandshakeMessage.Types.ClientFinish
            {
                Static = ByteString.CopyFrom(sealedKey),
                Payload = ByteString.CopyFrom(_state.Encrypt(payload)),
            },
        }.ToByteArray();
    }

    public NoiseCipher Split() => _state.Split(initiator: true);
}
