using System.Text.Json;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>Chats in events: always a list, mostly of one.</summary>
internal static class ChatJson
{
    public static void WriteNew(Utf8JsonWriter writer, string remoteJid, string? name, string instanceId)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("remoteJid", remoteJid);
        writer.WriteString("instanceId", instanceId);
        if (name is not null)
            writer.WriteString("name", name);
        writer.WriteNumber("unreadMessages", 0);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    public static void WriteRenamed(Utf8JsonWriter writer, string rowId, string name)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("id", rowId);
        writer.WriteString("name", name);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    public static void WriteTouched(Utf8JsonWriter writer, string remoteJid, string instanceId)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("remoteJid", remoteJid);
        writer.WriteString("instanceId", instanceId);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
