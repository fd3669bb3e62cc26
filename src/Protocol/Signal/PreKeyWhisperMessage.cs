using Evolution.Proto.Signal;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>A session message together with what its reader needs to start the session: version byte ‖ <see cref="PreKeySignalMessage"/>.</summary>
internal sealed class PreKeyWhisperMessage
{
    private PreKeyWhisperMessage(PreKeySignalMessage message)
    {
        Info = new PreKeyMessageInfo(
            message.HasPreKeyId ? message.PreKeyId : null,
            message.SignedPreKeyId,
            message.RegistrationId,
            WireKey.Read(message.IdentityKey),
            WireKey.Read(message.BaseKey));
        Message = message.Message.Memory;
    }

    public PreKeyMessageInfo Info { get; }

    /// <summary>The whole session message.</summary>
    public ReadOnlyMemory<byte> Message { get; }

    /// <exception cref="SignalException"><see cref="SignalError.InvalidVersion"/> or <see cref="SignalError.InvalidMessage"/>.</exception>
    public static PreKeyWhisperMessage Parse(ReadOnlySpan<byte> bytes)
    {
        WireVersion.Require(bytes);
        try
        {
            var message = PreKeySignalMessage.Parser.ParseFrom(bytes[1..]);
            return message.HasBaseKey && message.HasIdentityKey && message.HasMessage && message.HasSignedPreKeyId
                ? new PreKeyWhisperMessage(message)
                : throw Malformed();
        }
        catch (InvalidProtocolBufferException)
        {
            throw Malformed();
        }
    }

    public static byte[] Write(SessionState state, PendingPreKey pending, IdentityKeys own, byte[] whisperMessage)
    {
        var message = new PreKeySignalMessage
        {
            BaseKey = WireKey.ToByteString(state.BaseKey.Span),
            IdentityKey = WireKey.ToByteString(own.KeyPair.PublicKey.Span),
            Message = UnsafeByteOperations.UnsafeWrap(whisperMessage),
            RegistrationId = own.RegistrationId,
            SignedPreKeyId = pending.SignedPreKeyId,
        };
        if (pending.PreKeyId is { } id)
            message.PreKeyId = id;
        var size = message.CalculateSize();
        var bytes = new byte[1 + size];
        bytes[0] = WireVersion.Current;
        message.WriteTo(bytes.AsSpan(1));
        return bytes;
    }

    private static SignalException Malformed() => new(SignalError.InvalidMessage, "The bytes are not a pre-key message.");
}
