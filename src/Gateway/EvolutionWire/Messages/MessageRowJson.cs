using System.Text.Json;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>Stored messages as the find routes show them.</summary>
internal static class MessageRowJson
{
    /// <summary>A record of findMessages.</summary>
    /// <param name="mediaUrl">Where its file can be fetched; null leaves that out.</param>
    public static void Write(Utf8JsonWriter writer, MessageRow row, string instanceId, IReadOnlyList<MessageUpdate> updates, string? mediaUrl)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WritePropertyName("key");
        MessageRecordKey.OfRow(row).Write(writer);
        writer.WriteStringOrNull("pushName", ShownName(row));
        writer.WriteString("messageType", row.MessageType);
        writer.WritePropertyName("message");
        WriteMessage(writer, row, mediaUrl);
        writer.WriteNumber("messageTimestamp", row.MessageTimestamp);
        writer.WriteString("instanceId", instanceId);
        writer.WriteString("source", row.Source);
        writer.WritePropertyName("contextInfo");
        writer.WriteRawValue(row.ContextInfo ?? "null", skipInputValidation: true);
        writer.WriteStartArray("MessageUpdate");
        foreach (var status in updates)
        {
            writer.WriteStartObject();
            writer.WriteString("status", MessageStatusNames.Of(status));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The <c>lastMessage</c> of findChats: media without what makes it heavy.</summary>
    /// <param name="mediaUrl">Where its file can be fetched; null leaves that out.</param>
    public static void WriteLast(Utf8JsonWriter writer, MessageRow row, string instanceId, string? mediaUrl)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WritePropertyName("key");
        MessageRecordKey.OfRow(row).Write(writer);
        writer.WriteStringOrNull("pushName", row.FromMe ? MessageRecord.OwnPushName : row.PushName);
        writer.WriteNull("participant");
        writer.WriteString("messageType", row.MessageType);
        writer.WritePropertyName("message");
        WriteLight(writer, row, mediaUrl);
        writer.WritePropertyName("contextInfo");
        writer.WriteRawValue(row.ContextInfo ?? "null", skipInputValidation: true);
        writer.WriteString("source", row.Source);
        writer.WriteNumber("messageTimestamp", row.MessageTimestamp);
        writer.WriteString("instanceId", instanceId);
        writer.WriteNull("sessionId");
        writer.WriteStringOrNull("status", row.Status is { } status ? MessageStatusNames.Of(status) : null);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, MessageRow row, string? mediaUrl)
    {
        if (mediaUrl is null)
        {
            writer.WriteRawValue(row.Message, skipInputValidation: true);
            return;
        }

        using var message = WireJson.Parse(row.Message);
        writer.WriteStartObject();
        foreach (var property in message.RootElement.EnumerateObject())
            property.WriteTo(writer);
        writer.WriteString(RecordedMessage.MediaUrl, mediaUrl);
        writer.WriteEndObject();
    }

    private static void WriteLight(Utf8JsonWriter writer, MessageRow row, string? mediaUrl)
    {
        string[]? kept = row.MessageType switch
        {
            "imageMessage" or "videoMessage" => ["caption"],
            "audioMessage" => ["seconds"],
            "stickerMessage" => [],
            "documentMessage" => ["caption", "name"],
            _ => null,
        };
        if (kept is null)
        {
            WriteMessage(writer, row, mediaUrl);
            return;
        }

        using var message = WireJson.Parse(row.Message);
        writer.WriteStartObject();
        foreach (var property in message.RootElement.EnumerateObject())
        {
            if (property.Name != row.MessageType)
            {
                property.WriteTo(writer);
                continue;
            }

            writer.WriteStartObject(property.Name);
            foreach (var name in kept)
            {
                // The name of a document is its file's.
                if (property.Value.TryGetProperty(name == "name" ? "fileName" : name, out var value))
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        if (mediaUrl is not null)
            writer.WriteString(RecordedMessage.MediaUrl, mediaUrl);
        writer.WriteEndObject();
    }

    private static string? ShownName(MessageRow row)
    {
        if (!string.IsNullOrEmpty(row.PushName) || row.FromMe)
            return row.FromMe ? MessageRecord.OwnPushName : row.PushName;
        if (row.ContextInfo is null)
            return row.PushName;
        using var context = WireJson.Parse(row.ContextInfo);
        var participant = context.RootElement.TextOf("participant") ?? row.Participant;
        return string.IsNullOrEmpty(participant) ? null : participant.Split('@', ':')[0];
    }
}
