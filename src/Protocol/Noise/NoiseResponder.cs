using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Noise;

/// <summary>The server's side of the handshake: XX, IK, and XXfallback when an IK is refused (whatsapp-rust: wacore/src/handshake).</summary>
public sealed class NoiseResponder
{
    private readonly KeyPair _static;
    private readonly KeyPair _ephemeral;
    private readonly ReadOnlyMemory<byte> _certChain;
    private readonly bool _acceptResumption;
    private NoiseState _state = new(NoiseState.Xx);
    private Step _step = Step.ClientHello;

    /// <param name="serverStatic">The server's static key.</param>
    /// <param name="certChain">The serialised chain for it (<see cref="NoiseCertificates.Issue"/>).</param>
    /// <param name="acceptResumption">False answers every IK with XXfallback.</param>
    public NoiseResponder(KeyPair serverStatic, ReadOnlyMemory<byte> certChain, bool acceptResumption = true)
        : this(serverStatic, KeyPair.Generate(), certChain, acceptResumption)
    {
    }

    internal NoiseResponder(KeyPair serverStatic, KeyPair ephemeral, ReadOnlyMemory<byte> certChain, bool acceptResumption = true)
    {
        _ephemeral = ephemeral;
        _static = serverStatic;
        _certChain = certChain;
        _acceptResumption = acceptResumption;
    }

    /// <summary>The client's static key, once it is known.</summary>
    public ReadOnlyMemory<byte> RemoteStatic { get; private set; }

    /// <summary>Reads the client's first frame.</summary>
    /// <exception cref="NoiseException">The frame is malformed.</exception>
    /// <exception cref="InvalidOperationException">Called out of order.</exception>
    public NoiseStep ReadClientHello(ReadOnlySpan<byte> clientHello)
    {
        Enter(Step.ClientHello, Step.Refused);
        var hello = NoiseMessages.Parse(clientHello).ClientHello;
        if (hello is null || hello.Ephemeral.Length != Curve25519.KeySize)
            throw new NoiseException(NoiseError.Malformed, "The client's hello lacks its key.");
        var remote = hello.Ephemeral.Span;
        NoiseStep step;
        if (!hello.HasStatic || !hello.HasPayload)
        {
            step = new NoiseStep(NoisePattern.XX, Answer(remote), null);
        }
        else if (_acceptResumption && TryResume(hello) is { } resumed)
        {
            step = resumed;
        }
        else
        {
            _state = new NoiseState(NoiseState.XxFallback);
            step = new NoiseStep(NoisePattern.XXFallback, Answer(remote), null);
        }

        _step = step.ClientPayload is null ? Step.ClientFinish : Step.Authenticated;
        return step;
    }

    /// <summary>Reads the client's last frame (XX and XXfallback) and returns its payload.</summary>
    /// <exception cref="NoiseException">The frame is malformed or not authentic.</exception>
    /// <exception cref="InvalidOperationException">Called out of order, or after an IK, which has no client finish.</exception>
    public byte[] ReadClientFinish(ReadOnlySpan<byte> clientFinish)
    {
        Enter(Step.ClientFinish, Step.Refused);
        var finish = NoiseMessages.Parse(clientFinish).ClientFinish;
        if (finish is null || !finish.HasStatic || !finish.HasPayload)
            throw new NoiseException(NoiseError.Malformed, "The client's finish lacks a part.");
        RemoteStatic = _state.Decrypt(finish.Static.Span);
        _state.MixAgreement(_ephemeral.PrivateKey.Span, RemoteStatic.Span);
        var payload = _state.Decrypt(finish.Payload.Span);
        _step = Step.Authenticated;
        return payload;
    }

    /// <summary>The cipher of the connection.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or the cipher was taken already.</exception>
    public NoiseCipher Split()
    {
        Enter(Step.Authenticated, Step.Done);
        return _state.Split(initiator: false);
    }

    private void Enter(Step expected, Step next)
    {
        if (_step != expected) throw new InvalidOperationException($"The handshake is at {_step}, not at {expected}.");
        _step = next;
    }

    private byte[] Answer(ReadOnlySpan<byte> remoteEphemeral)
    {
        _state.MixHash(remoteEphemeral);
        _state.MixHash(_ephemeral.PublicKey.Span);
        _state.MixAgreement(_ephemeral.PrivateKey.Span, remoteEphemeral);
        var sealedStatic = _state.Encrypt(_static.PublicKey.Span);
        _state.MixAgreement(_static.PrivateKey.Span, remoteEphemeral);
        return Hello(sealedStatic, _state.Encrypt(_certChain.Span));
    }

    private NoiseStep? TryResume(HandshakeMessage.Types.ClientHello hello)
    {
        var remote = hello.Ephemeral.Span;
        var state = new NoiseState(NoiseState.Ik);
        byte[] remoteStatic, payload;
        try
        {
            state.MixHash(_static.PublicKey.Span);
            state.MixHash(remote);
            state.MixAgreement(_static.PrivateKey.Span, remote);
            remoteStatic = state.Decrypt(hello.Static.Span);
            state.MixAgreement(_static.PrivateKey.Span, remoteStatic);
            payload = state.Decrypt(hello.Payload.Span);
        }
        catch (NoiseException)
        {
            // The client knows an older key of ours: that is what the fallback is for.
            return null;
        }

        state.MixHash(_ephemeral.PublicKey.Span);
        state.MixAgreement(_ephemeral.PrivateKey.Span, remote);
        state.MixAgreement(_ephemeral.PrivateKey.Span, remoteStatic);
        var reply = Hello(null, state.Encrypt(_certChain.Span));
        RemoteStatic = remoteStatic;
        _state = state;
        return new NoiseStep(NoisePattern.IK, reply, payload);
    }

    private byte[] Hello(byte[]? sealedStatic, byte[] payload)
    {
        var hello = new HandshakeMessage.Types.ServerHello
        {
            Ephemeral = ByteString.CopyFrom(_ephemeral.PublicKey.Span),
            Payload = ByteString.CopyFrom(payload),
        };
        if (sealedStatic is not null) hello.Static = ByteString.CopyFrom(sealedStatic);
        return new HandshakeMessage { ServerHello = hello }.ToByteArray();
    }

    private enum Step
    {
        ClientHello,
        ClientFinish,
        Refused,
        Authenticated,
        Done,
    }
}
