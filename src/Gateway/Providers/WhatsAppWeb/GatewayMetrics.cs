using System.Diagnostics.Metrics;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>The meter <c>Evolution.Gateway.Messages</c>: what came and could not be understood.</summary>
internal static class GatewayMetrics
{
    private static readonly Meter Meter = new("Evolution.Gateway.Messages");

    public static readonly Counter<long> UnknownContents =
        Meter.CreateCounter<long>("evolution.messages.unknown_contents", description: "Messages of a kind that is not known here, told with their bytes");

    public static readonly Counter<long> SealedReplies =
        Meter.CreateCounter<long>("evolution.messages.sealed_replies", description: "Votes, edits and the like that could not be opened, by purpose");
}
