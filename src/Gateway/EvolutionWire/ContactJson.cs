using System.Text.Json;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>A contact in events.</summary>
internal static class ContactJson
{
    public static void Write(Utf8JsonWriter writer, string remoteJid, string? pushName, string instanceId)
    {
        writer.WriteStartObject();
        writer.WriteString("remoteJid", remoteJid);
        if (pushName is not null)
            writer.WriteString("pushName", pushName);
        writer.WriteNull("profilePicUrl");
        writer.WriteString("instanceId", instanceId);
        writer.WriteEndObject();
    }
}
