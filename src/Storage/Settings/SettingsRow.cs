using Evolution.Client.Stores;

namespace Evolution.Storage.Settings;

/// <summary>An instance's settings. As an attached write it replaces what is stored; its id and times are then the store's.</summary>
public sealed record SettingsRow : IAttachedWrite
{
    public string Id { get; init; } = string.Empty;

    public string InstanceId { get; init; } = string.Empty;

    public required bool RejectCall { get; init; }

    public required string MsgCall { get; init; }

    public required bool GroupsIgnore { get; init; }

    public required bool AlwaysOnline { get; init; }

    public required bool ReadMessages { get; init; }

    public required bool ReadStatus { get; init; }

    public required bool SyncFullHistory { get; init; }

    public required string WavoipToken { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
