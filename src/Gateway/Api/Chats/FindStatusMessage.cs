using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/findStatusMessage/{instanceName}</c>: what happened to stored messages. Only chat and message id filter, as in Evolution.</summary>
internal sealed class FindStatusMessage(MessageStore messages)
{
    public static Schema Body { get; } = Schema.Object
        .Properties(
            ("where", Schema.Object
                .Properties(
                    ("_id", Schema.String),
                    ("remoteJid", Schema.String),
                    ("id", Schema.String),
                    ("fromMe", Schema.Boolean.Enum("true", "false")),
                    ("participant", Schema.String),
                    ("status", Schema.String.Enum("ERROR", "PENDING", "SERVER_ACK", "DELIVERY_ACK", "READ", "PLAYED")))
                .NotEmpty("_id", "remoteJid", "id", "status")),
            ("limit", new Schema().Type("integer")));

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var where = call.Body.ObjectOf("where");
        var (page, pageSize) = FindMessages.Paging(call.Body);
        var rows = await messages.FindUpdatesAsync(call.Instance.Id, where.TextOf("remoteJid"), where.TextOf("id"), page, pageSize, call.Aborted);
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartArray();
            foreach (var row in rows)
                Write(writer, row, call.Instance.Id);
            writer.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter writer, MessageUpdateRow row, string instanceId)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("keyId", row.KeyId);
        writer.WriteString("remoteJid", row.RemoteJid);
        writer.WriteBoolean("fromMe", row.FromMe);
        writer.WriteStringOrNull("participant", row.Participant);
        writer.WriteNull("pollUpdates");
        writer.WriteString("status", MessageStatusNames.Of(row.Status));
        writer.WriteString("messageId", row.MessageId);
        writer.WriteString("instanceId", instanceId);
        writer.WriteEndObject();
    }
}
