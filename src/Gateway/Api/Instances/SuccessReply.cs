namespace Evolution.Gateway.Api.Instances;

/// <summary><c>{"status":"SUCCESS","error":false,"response":{"message":…}}</c>.</summary>
internal static class SuccessReply
{
    public static ApiReply Of(string message) => ApiReply.Ok(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", "SUCCESS");
        writer.WriteBoolean("error", false);
        writer.WriteStartObject("response");
        writer.WriteString("message", message);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
