namespace Evolution.Storage.Messages;

/// <summary>A contact, as it is stored.</summary>
public sealed record ContactRow
{
    public required string Id { get; init; }

    /// <summary>The JID clients see.</summary>
    public required string RemoteJid { get; init; }

    public string? PushName { get; init; }

    public string? ProfilePicUrl { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
