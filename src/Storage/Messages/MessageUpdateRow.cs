namespace Evolution.Storage.Messages;

/// <summary>Something that happened to a stored message.</summary>
public sealed record MessageUpdateRow
{
    public required string Id { get; init; }

    /// <summary>WhatsApp's id of the message.</summary>
    public required string KeyId { get; init; }

    /// <summary>The chat as clients see it.</summary>
    public required string RemoteJid { get; init; }

    public required bool FromMe { get; init; }

    /// <summary>Whose receipt it was in a group; null elsewhere.</summary>
    public string? Participant { get; init; }

    public required MessageUpdate Status { get; init; }

    /// <summary>The message's row.</summary>
    public required string MessageId { get; init; }
}
