using System.Diagnostics;
using System.Text.Json;
using Evolution.Gateway.Events.Webhook;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Instances;
using Evolution.Storage.Outbox;

namespace Evolution.Gateway.Events;

/// <summary>
/// Makes events: decides who has subscribed and writes the final body. What it returns is written by the caller in the transaction of the change
/// that the event tells of.
/// </summary>
internal sealed class GatewayEvents(ServerOptions server, WebhookOptions webhook, TimeProvider time)
{
    /// <param name="instance">Whose event it is.</param>
    /// <param name="name">Dotted name, of <see cref="EventNames"/>.</param>
    /// <param name="sender">The account's own phone JID without device; null before the first login.</param>
    /// <param name="lane">The canonical chat, inside which order is kept; empty for events without one.</param>
    /// <param name="data">Writes the value of <c>data</c>; not called when nobody has subscribed.</param>
    /// <returns>Null when nobody has subscribed.</returns>
    public AppendEvent? Compose(Instance instance, string name, string? sender, string lane, Action<Utf8JsonWriter> data)
    {
        var subscribers = SubscribersOf(instance, name);
        if (subscribers.Count == 0)
            return null;
        var envelope = new EventEnvelope
        {
            Event = name,
            Instance = instance.Name,
            Destination = instance.Webhook?.Url ?? $"{webhook.GlobalUrl?.OriginalString}/{EventNames.AddressSuffixOf(name)}",
            Time = time.GetUtcNow(),
            Sender = sender,
            ServerUrl = server.Url,
            ApiKey = server.ExposeTokenInEvents ? instance.Token : null,
        };
        return new AppendEvent
        {
            EventId = Guid.NewGuid().ToString(),
            InstanceName = instance.Name,
            Name = name,
            Body = WireJson.Bytes(writer => envelope.Write(writer, data)),
            Subscribers = subscribers,
            Lane = webhook.StrictOrder ? "" : lane,
            Trace = Activity.Current?.TraceId.ToHexString(),
        };
    }

    private List<string> SubscribersOf(Instance instance, string name)
    {
        var subscription = EventNames.SubscriptionOf(name);
        var subscribers = new List<string>(2);
        if (instance.Webhook is { Enabled: true } own && own.Events.Contains(subscription, StringComparer.Ordinal))
            subscribers.Add(Subscribers.InstanceWebhook);
        if (webhook.GlobalUrl is not null && webhook.GlobalEvents.Contains(subscription))
            subscribers.Add(Subscribers.GlobalWebhook);
        return subscribers;
    }
}
