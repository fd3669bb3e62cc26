using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Noise;

/// <summary>
/// The client's side of the XX handshake (Baileys: src/Utils/noise-handler.ts; whatsmeow: socket/noisehandshake.go).
/// Call <see cref="WriteClientHello"/>, <see cref="ReadServerHello"/>, <see cref="Split"/>, in this order, once.
/// </summary>
public sealed class NoiseInitiator
{
    private readonly KeyPair _noiseKey;
    private readonly KeyPair _ephemeral;
    private readonly NoiseRoot _root;
    private readonly DateTimeOffset _now;
    private readonly TimeSpan _skew;
    private readonly NoiseState _state = new(NoiseState.Xx);
    private Step _step = Step.ClientHello;

    /// <param name="noiseKey">The device's static key.</param>
    /// <param name="root">The pinned root of the server's certificate chain.</param>
    /// <param name="now">Against which the certificates' validity is checked.</param>
    /// <param name="clockSkew">How far they may be out of date; <see cref="NoiseCertificates.DefaultSkew"/> by default.</param>
    public NoiseInitiator(KeyPair noiseKey, NoiseRoot root, DateTimeOffset now, TimeSpan? clockSkew = null)
        : this(noiseKey, KeyPair.Generate(), root, now, clockSkew)
    {
    }

    internal NoiseInitiator(KeyPair noiseKey, KeyPair ephemeral, NoiseRoot root, DateTimeOffset now, TimeSpan? clockSkew = null)
    {
        _noiseKey = noiseKey;
        _ephemeral = ephemeral;
        _root = root;
        _now = now;
        _skew = clockSkew ?? NoiseCertificates.DefaultSkew;
    }

    /// <summary>The first frame: our ephemeral key.</summary>
    /// <exception cref="InvalidOperationException">Called out of order.</exception>
    public byte[] WriteClientHello()
    {
        Enter(Step.ClientHello, Step.ServerHello);
        _state.MixHash(_ephemeral.PublicKey.Span);
        return new HandshakeMessage
        {
            ClientHello = new HandshakeMessage.Types.ClientHello { Ephemeral = ByteString.CopyFrom(_ephemeral.PublicKey.Span) },
        }.ToByteArray();
    }

    /// <summary>Reads the server's frame, verifies its certificate chain, and returns the last frame with the client payload.</summary>
    /// <exception cref="NoiseException">The server is not who it should be, or the frame is malformed. The handshake is of no use any more.</exception>
    /// <exception cref="InvalidOperationException">Called out of order.</exception>
    public byte[] ReadServerHello(ReadOnlySpan<byte> serverHello, ReadOnlySpan<byte> clientPayload)
    {
        Enter(Step.ServerHello, Step.Refused);
        var hello = NoiseMessages.Parse(serverHello).ServerHello;
        if (hello is null || !hello.HasEphemeral || !hello.HasStatic || !hello.HasPayload)
            throw new NoiseException(NoiseError.Malformed, "The server's hello lacks a part.");
        var serverEphemeral = hello.Ephemeral.Span;
        _state.MixHash(serverEphemeral);
        _state.MixAgreement(_ephemeral.PrivateKey.Span, serverEphemeral);
        var serverStatic = _state.Decrypt(hello.Static.Span);
        _state.MixAgreement(_ephemeral.PrivateKey.Span, serverStatic);
        NoiseCertificates.Verify(_state.Decrypt(hello.Payload.Span), _root, serverStatic, _now, _skew);

        var sealedStatic = _state.Encrypt(_noiseKey.PublicKey.Span);
        _state.MixAgreement(_noiseKey.PrivateKey.Span, serverEphemeral);
        _step = Step.Verified;
        return new HandshakeMessage
        {
            ClientFinish = new HandshakeMessage.Types.ClientFinish
            {
                Static = ByteString.CopyFrom(sealedStatic),
                Payload = ByteString.CopyFrom(_state.Encrypt(clientPayload)),
            },
        }.ToByteArray();
    }

    /// <summary>The cipher of the connection.</summary>
    /// <exception cref="InvalidOperationException">The server was not verified, or the cipher was taken already.</exception>
    public NoiseCipher Split()
    {
        Enter(Step.Verified, Step.Done);
        return _state.Split(initiator: true);
    }

    private void Enter(Step expected, Step next)
    {
        if (_step != expected) throw new InvalidOperationException($"The handshake is at {_step}, not at {expected}.");
        _step = next;
    }

    private enum Step
    {
        ClientHello,
        ServerHello,
        Refused,
        Verified,
        Done,
    }
}
