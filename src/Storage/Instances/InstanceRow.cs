namespace Evolution.Storage.Instances;

/// <summary>An instance, as it is stored.</summary>
public sealed record InstanceRow
{
    /// <summary>UUID.</summary>
    public required string Id { get; init; }

    /// <summary>Unique, compared exactly.</summary>
    public required string Name { get; init; }

    /// <summary>The instance's API key, which several routes must return.</summary>
    public required string Token { get; init; }

    /// <summary><c>WHATSAPP-BAILEYS</c>, <c>WHATSAPP-BUSINESS</c> or <c>EVOLUTION</c>.</summary>
    public required string Integration { get; init; }

    /// <summary>The phone number for pairing codes, or what the integration calls a number.</summary>
    public string? Number { get; init; }

    public string? BusinessId { get; init; }

    /// <summary>Which installation it belongs to, where several share a database.</summary>
    public required string ClientName { get; init; }

    /// <summary><c>open</c>, <c>close</c> or <c>connecting</c>.</summary>
    public required string ConnectionStatus { get; init; }

    public string? OwnerJid { get; init; }

    public string? ProfileName { get; init; }

    public string? ProfilePicUrl { get; init; }

    public int? DisconnectionReasonCode { get; init; }

    /// <summary>What was received with the disconnection, as JSON text.</summary>
    public string? DisconnectionObject { get; init; }

    public DateTimeOffset? DisconnectionAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
