namespace Evolution.Gateway.Events.Webhook;

/// <summary>How webhooks are delivered, and the global one.</summary>
internal sealed record WebhookOptions
{
    /// <summary>Where events of all instances go as well; null when the global webhook is off.</summary>
    public required Uri? GlobalUrl { get; init; }

    /// <summary>Deliver an instance's events one after the other, rather than each chat's by itself.</summary>
    public required bool StrictOrder { get; init; }

    /// <summary>Put the event's name at the end of the global address.</summary>
    public required bool GlobalByEvents { get; init; }

    /// <summary>Subscription names of the events that the global webhook gets.</summary>
    public required IReadOnlySet<string> GlobalEvents { get; init; }

    /// <summary>Key for <c>webhook-signature</c> on the global webhook; null leaves the header out.</summary>
    public required string? GlobalSigningSecret { get; init; }

    /// <summary>How long one delivery may take. Default 30 s.</summary>
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>Tries in all, the first included. Default 10.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>Wait before the second try. Default 5 s.</summary>
    public required TimeSpan InitialDelay { get; init; }

    /// <summary>Double the wait each time, rather than keep it. Default true.</summary>
    public required bool ExponentialBackoff { get; init; }

    /// <summary>Longest wait. Default 300 s.</summary>
    public required TimeSpan MaxDelay { get; init; }

    /// <summary>How far a wait may be off in either direction, as a fraction of it. Default 0.2.</summary>
    public required double JitterFactor { get; init; }

    /// <summary>Answers after which no further try is made. Default 400, 401, 403, 404, 422.</summary>
    public required IReadOnlySet<int> NonRetryableStatusCodes { get; init; }
}
