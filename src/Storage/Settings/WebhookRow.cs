using Evolution.Client.Stores;

namespace Evolution.Storage.Settings;

/// <summary>An instance's webhook. As an attached write it replaces what is stored; its id and times are then the store's.</summary>
public sealed record WebhookRow : IAttachedWrite
{
    public string Id { get; init; } = string.Empty;

    public string InstanceId { get; init; } = string.Empty;

    /// <summary>Kept exactly as given.</summary>
    public required string Url { get; init; }

    /// <summary>A JSON object of header values.</summary>
    public string? Headers { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>A JSON array of event names.</summary>
    public required string Events { get; init; }

    public required bool WebhookByEvents { get; init; }

    public required bool WebhookBase64 { get; init; }

    /// <summary>Signs the deliveries; no route returns it.</summary>
    public string? Secret { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
