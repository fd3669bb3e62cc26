using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>One request that a webhook receiver answered with 200.</summary>
/// <param name="WebhookId">The event's id, the same each time it is delivered.</param>
/// <param name="Life">In which life of the gateway it came.</param>
internal sealed record Delivery(string WebhookId, string Event, int Life, JsonNode Data)
{
    /// <summary>The message it tells of; null for what tells of none.</summary>
    public string? MessageId { get; } = (string?)Data["key"]?["id"] ?? (string?)Data["keyId"];

    /// <summary>The chat of the message.</summary>
    public string? Chat { get; } = (string?)Data["key"]?["remoteJid"] ?? (string?)Data["remoteJid"];

    public string? Status { get; } = (string?)Data["status"];
}
