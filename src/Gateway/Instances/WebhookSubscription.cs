using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Instances;

/// <summary>An instance's webhook, read for use.</summary>
internal sealed class WebhookSubscription
{
    public WebhookSubscription(WebhookRow row)
    {
        Row = row;
        using var events = JsonDocument.Parse(row.Events);
        Events = events.RootElement.EnumerateArray().Select(name => EventNames.CanonicalSubscription(name.GetString()!)).ToHashSet(StringComparer.Ordinal);
        Headers = row.Headers is null ? [] : ReadHeaders(row.Headers);
    }

    /// <summary>What is stored.</summary>
    public WebhookRow Row { get; }

    public bool Enabled => Row.Enabled;

    /// <summary>As it was set; not necessarily an address.</summary>
    public string Url => Row.Url;

    /// <summary>Subscription names.</summary>
    public IReadOnlySet<string> Events { get; }

    /// <summary>Headers to send along, as text. <c>jwt_key</c> is among them: it is a key to sign with, not a header.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    private static List<KeyValuePair<string, string>> ReadHeaders(string json)
    {
        using var headers = JsonDocument.Parse(json);
        return [.. headers.RootElement.EnumerateObject().Select(header => KeyValuePair.Create(header.Name, header.Value.ToString()))];
    }
}
