using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Protocol.Noise;

internal static class NoiseMessages
{
    internal static HandshakeMessage Parse(ReadOnlySpan<byte> frame)
    {
        try
        {
            return HandshakeMessage.Parser.ParseFrom(frame);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new NoiseException(NoiseError.Malformed, "The frame is no handshake message.", e);
        }
    }
}
