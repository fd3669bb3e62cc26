using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Media;
using Evolution.Simulator.Phones;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Simulator.ControlApi;

/// <summary>A phone's message as JSON. The content is protobuf's own JSON form: bytes base64, 64-bit numbers as texts, enums by name.</summary>
internal static class MessageJson
{
    public static JsonObject Write(PhoneMessage message, MediaFinding? media)
    {
        var json = new JsonObject
        {
            ["seq"] = message.Seq,
            ["id"] = message.Id,
            ["chat"] = message.Chat.Contains('@', StringComparison.Ordinal) ? message.Chat : Jid.ForPhone(message.Chat).ToString(),
            ["from"] = message.Sender,
            ["fromMe"] = message.FromMe,
            ["fromDevice"] = message.SenderDevice,
            ["at"] = ControlTime.Write(message.At),
            ["type"] = TypeOf(message.Content),
        };
        if (message.Text is { } text)
            json["text"] = text;
        json["content"] = Content(message.Content);
        if (media is not null)
        {
            json["media"] = new JsonObject { ["sha256"] = Convert.ToBase64String(media.Sha256), ["size"] = media.Size, ["mimetype"] = media.Mimetype };
            if (media.Problem is not null)
                json["media"]!["problem"] = media.Problem;
        }

        if (QuotedId(message.Content) is { Length: > 0 } quoted)
            json["quotedId"] = quoted;
        json["receipts"] = new JsonObject
        {
            ["delivered"] = ControlTime.Write(message.Receipts.Delivered),
            ["read"] = ControlTime.Write(message.Receipts.Read),
            ["played"] = ControlTime.Write(message.Receipts.Played),
        };
        return json;
    }

    public static JsonNode Content(Message content) =>
        JsonNode.Parse(JsonFormatter.Default.Format(content), null, new JsonDocumentOptions { MaxDepth = ControlCall.MaxDepth })!;

    /// <summary>The name of the content's field, such as conversation or imageMessage; unknown when this schema has none for it.</summary>
    private static string TypeOf(Message content) =>
        Set(content).FirstOrDefault(f => f.Name is not ("messageContextInfo" or "senderKeyDistributionMessage"))?.Name ?? "unknown";

    private static string? QuotedId(Message content) => Set(content)
        .Where(f => f.FieldType == FieldType.Message)
        .Select(f => (IMessage)f.Accessor.GetValue(content))
        .Select(inner => inner switch
        {
            Message.Types.FutureProofMessage { Message: { } wrapped } => QuotedId(wrapped),
            _ => (inner.Descriptor.FindFieldByName("contextInfo")?.Accessor.GetValue(inner) as ContextInfo)?.StanzaId,
        })
        .FirstOrDefault(id => !string.IsNullOrEmpty(id));

    private static IEnumerable<FieldDescriptor> Set(Message content) => Message.Descriptor.Fields.InFieldNumberOrder().Where(f => f.IsRepeated
        ? ((System.Collections.ICollection)f.Accessor.GetValue(content)).Count > 0
        : f.Accessor.HasValue(content));
}
