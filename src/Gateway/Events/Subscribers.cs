namespace Evolution.Gateway.Events;

/// <summary>The names under which the outbox keeps deliveries.</summary>
internal static class Subscribers
{
    /// <summary>The instance's own webhook.</summary>
    public const string InstanceWebhook = "webhook";

    /// <summary>The global webhook.</summary>
    public const string GlobalWebhook = "webhook.global";
}
