using Evolution.Client.Stores;

namespace Evolution.Storage.Outbox;

/// <summary>Writes an event once, and a delivery for each subscriber. Without subscribers nothing is written.</summary>
public sealed record AppendEvent : IAttachedWrite
{
    /// <summary>A UUID by which receivers know a repeated delivery.</summary>
    public required string EventId { get; init; }

    /// <summary>The instance's name at the time; it stays with the event when the instance is gone.</summary>
    public required string InstanceName { get; init; }

    /// <summary>The event's name, as subscriptions and envelopes have it.</summary>
    public required string Name { get; init; }

    /// <summary>The final body, as UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Who gets it, such as <c>webhook</c>: names the gateway gives, at most 100 characters.</summary>
    public required IReadOnlyList<string> Subscribers { get; init; }

    /// <summary>Deliveries of one lane (a chat) arrive in order; events without a chat share the empty one.</summary>
    public string Lane { get; init; } = string.Empty;

    /// <summary>What ties the event to the request or stanza that caused it, for logs and headers.</summary>
    public string? Trace { get; init; }
}
