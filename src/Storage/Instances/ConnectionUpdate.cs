using Evolution.Client.Stores;

namespace Evolution.Storage.Instances;

/// <summary>What changed about an instance's connection; what is null stays as it is.</summary>
public sealed record ConnectionUpdate : IAttachedWrite
{
    /// <summary><c>open</c>, <c>close</c> or <c>connecting</c>.</summary>
    public string? Status { get; init; }

    public string? OwnerJid { get; init; }

    public string? ProfileName { get; init; }

    public string? ProfilePicUrl { get; init; }

    /// <summary>Set when the connection has ended for good; it stays readable after the next connection.</summary>
    public Disconnection? Disconnection { get; init; }

    /// <summary>Forgets the account, after a logout.</summary>
    public bool ClearsOwner { get; init; }
}
