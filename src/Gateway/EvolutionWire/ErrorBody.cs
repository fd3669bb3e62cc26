using System.Text.Json.Nodes;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>The body of an error, in both of Evolution's shapes.</summary>
internal static class ErrorBody
{
    /// <summary><c>{"status":S,"error":E,"response":{"message":M}}</c>: nearly everywhere.</summary>
    public static ReadOnlyMemory<byte> Standard(int status, string label, JsonNode message) => WireJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("status", status);
        writer.WriteString("error", label);
        writer.WriteStartObject("response");
        writer.WritePropertyName("message");
        message.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary><c>{"status":S,"error":E,"message":M}</c>: chat/whatsappNumbers.</summary>
    public static ReadOnlyMemory<byte> Raw(int status, string label, JsonNode message) => WireJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("status", status);
        writer.WriteString("error", label);
        writer.WritePropertyName("message");
        message.WriteTo(writer);
        writer.WriteEndObject();
    });

    /// <summary>The word that goes with a status. A body that could not be read says "Internal Server Error" with 400 and 413; see the caller.</summary>
    public static string LabelOf(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        _ => "Internal Server Error",
    };
}
