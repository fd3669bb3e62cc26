using System.Text.Json;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>What every webhook body has around its <c>data</c>.</summary>
internal sealed record EventEnvelope
{
    /// <summary>Dotted event name.</summary>
    public required string Event { get; init; }

    /// <summary>Name of the instance.</summary>
    public required string Instance { get; init; }

    /// <summary>Address it goes to, without the suffix of an address-per-event subscription.</summary>
    public required string? Destination { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The account's own JID without device; null before the first login, and then the key is left out.</summary>
    public required string? Sender { get; init; }

    /// <summary>Public base address; null leaves the key out.</summary>
    public required string? ServerUrl { get; init; }

    /// <summary>The instance token, or null.</summary>
    public required string? ApiKey { get; init; }

    public void Write(Utf8JsonWriter writer, Action<Utf8JsonWriter> data)
    {
        writer.WriteStartObject();
        writer.WriteString("event", Event);
        writer.WriteString("instance", Instance);
        writer.WritePropertyName("data");
        data(writer);
        if (Destination is not null)
            writer.WriteString("destination", Destination);
        writer.WriteString("date_time", WireJson.Time(Time));
        if (Sender is not null)
            writer.WriteString("sender", Sender);
        if (ServerUrl is not null)
            writer.WriteString("server_url", ServerUrl);
        writer.WriteStringOrNull("apikey", ApiKey);
        writer.WriteEndObject();
    }
}
