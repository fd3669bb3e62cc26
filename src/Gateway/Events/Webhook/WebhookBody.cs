using System.Buffers;
using System.Text.Json;
using Evolution.Gateway.Api;
using Evolution.Gateway.EvolutionWire;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>The <c>webhook</c> object of webhook/set and instance/create.</summary>
internal static class WebhookBody
{
    // RFC 9110, 5.6.2.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The names under which instance/create shows again what it was given.</summary>
    public static IReadOnlyList<(string Shown, string Given)> EchoedNames { get; } =
        [("webhookUrl", "url"), ("webhookHeaders", "headers"), ("webhookByEvents", "byEvents"), ("webhookBase64", "base64")];

    /// <summary>The body of webhook/set with its <c>webhook</c> object, which some pages send bare. Evolution refuses that.</summary>
    public static JsonElement Wrapped(JsonElement body)
    {
        if (body.TryGetProperty("webhook", out _) || body.TextOf("url") is null || body.FlagOf("enabled") is null)
            return body;
        using var wrapped = WireJson.Parse(WireJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("webhook");
            body.WriteTo(writer);
            writer.WriteEndObject();
        }));
        return wrapped.RootElement.Clone();
    }

    /// <summary>The webhook of a new instance: sending the object switches it on, whatever <c>enabled</c> says.</summary>
    public static WebhookRow ReadNew(JsonElement body) => Read(body, present: null, enabled: true);

    /// <summary>The changed webhook: what is not sent stays as it is.</summary>
    public static WebhookRow ReadChange(JsonElement body, WebhookRow? present) => Read(body, present, body.IsTrue("enabled"));

    private static WebhookRow Read(JsonElement body, WebhookRow? present, bool enabled) => new()
    {
        Url = body.TextOf("url") ?? present?.Url ?? "",
        Headers = body.ObjectOf("headers") is { ValueKind: JsonValueKind.Object } headers ? ReadHeaders(headers) : present?.Headers,
        Enabled = enabled,
        Events = ReadEvents(body.ArrayOf("events"), present, enabled),
        WebhookByEvents = body.FlagOf("byEvents") ?? present?.WebhookByEvents ?? false,
        WebhookBase64 = body.FlagOf("base64") ?? present?.WebhookBase64 ?? false,
        Secret = body.TextOf("secret") is { Length: > 0 } secret ? secret : present?.Secret,
    };

    // With a header that no request can carry, every delivery would fail, or come without it.
    private static string ReadHeaders(JsonElement headers)
    {
        foreach (var header in headers.EnumerateObject())
        {
            if (header.Name.Length == 0 || header.Name.AsSpan().ContainsAnyExcept(TokenCharacters))
                throw ApiException.BadRequest($"\"{header.Name}\" can't be the name of a header of webhook requests");
            if (header.Name != WebhookTarget.JwtKeyHeader && header.Value.ToString().AsSpan().ContainsAny('\r', '\n', '\0'))
                throw ApiException.BadRequest($"the value of the webhook's header \"{header.Name}\" must be on one line");
        }

        return headers.GetRawText();
    }

    // An empty list means every event; a webhook that is off has none. Evolution fails when there is no list at all: that too means every event.
    private static string ReadEvents(JsonElement events, WebhookRow? present, bool enabled)
    {
        if (!enabled)
            return "[]";
        if (events.ValueKind == JsonValueKind.Array && events.GetArrayLength() > 0)
            return List(events.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!));
        return events.ValueKind != JsonValueKind.Array && present is { Enabled: true } ? present.Events : List(EventNames.Subscribable);
    }

    private static string List(IEnumerable<string> names) => System.Text.Encoding.UTF8.GetString(WireJson.Bytes(writer =>
    {
        writer.WriteStartArray();
        foreach (var name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }).Span);
}
