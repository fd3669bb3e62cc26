namespace Evolution.Storage.Messages;

/// <summary>A chat, as it is stored.</summary>
public sealed record ChatRow
{
    public required string Id { get; init; }

    /// <summary>The JID clients see.</summary>
    public required string RemoteJid { get; init; }

    public string? Name { get; init; }

    /// <summary>A JSON array of label ids.</summary>
    public string? Labels { get; init; }

    public required int UnreadMessages { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
