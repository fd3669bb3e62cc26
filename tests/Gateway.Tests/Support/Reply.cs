using System.Net;
using System.Text.Json;

namespace Evolution.Gateway.Tests.Support;

internal sealed record Reply(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary><c>response.message</c> as compact JSON.</summary>
    public string Message => JsonSerializer.Serialize(Json.GetProperty("response").GetProperty("message"), Relaxed);

    private static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
