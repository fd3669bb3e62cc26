using System.Text.Json;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>A content as JSON, turned back into WhatsApp's bytes.</summary>
internal static class StoredContent
{
    /// <exception cref="FormatException">It is not a content.</exception>
    public static byte[] Serialise(JsonElement json) => ProtoJsonReader.Read<Message>(json).ToByteArray();
}
