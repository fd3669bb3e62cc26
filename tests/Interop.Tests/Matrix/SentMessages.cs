using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Messages on their way to and from a driver.</summary>
internal static class SentMessages
{
    public static string Base64(Message message) => message.ToByteString().ToBase64();

    public static ReadOnlyMemory<byte> Bytes(Message message) => message.ToByteArray();

    public static Message Read(string base64) => Message.Parser.ParseFrom(Convert.FromBase64String(base64));
}
