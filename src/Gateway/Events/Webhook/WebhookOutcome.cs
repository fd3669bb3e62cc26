namespace Evolution.Gateway.Events.Webhook;

/// <summary>How one attempt ended.</summary>
/// <param name="Status">The receiver's answer; null when there was none.</param>
/// <param name="Error">Why there was none; null with an answer.</param>
internal readonly record struct WebhookOutcome(int? Status, string? Error)
{
    public bool IsDelivered => Status is >= 200 and <= 299;

    /// <summary>The words that dead letters and logs show.</summary>
    public string Description => Status is { } status ? $"answered {status}" : Error ?? "no answer";
}
