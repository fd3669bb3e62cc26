using System.Diagnostics.Metrics;

namespace Evolution.Client;

/// <summary>The meter <c>Evolution.Client</c>.</summary>
internal static class ClientMetrics
{
    private static readonly Meter Meter = new("Evolution.Client");

    private static readonly Counter<long> Dropped =
        Meter.CreateCounter<long>("evolution.client.dropped_messages", description: "Messages that were acknowledged and not told, by reason");

    /// <summary>Somebody else sent what only our own devices may send.</summary>
    public static void DroppedAsSelfOnly() => Dropped.Add(1, new KeyValuePair<string, object?>("reason", "self_only"));

    /// <summary>An envelope that only our own devices may use came from somebody else.</summary>
    public static void DroppedAsForeignEnvelope() => Dropped.Add(1, new KeyValuePair<string, object?>("reason", "foreign_envelope"));

    /// <summary>A bot's reply, sealed in a way that is not opened here.</summary>
    public static void DroppedAsBotReply() => Dropped.Add(1, new KeyValuePair<string, object?>("reason", "bot_reply"));
}
