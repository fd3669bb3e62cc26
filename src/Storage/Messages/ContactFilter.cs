namespace Evolution.Storage.Messages;

/// <summary>Which contacts to find; what is null does not filter.</summary>
public sealed record ContactFilter
{
    /// <summary>The row's id.</summary>
    public string? Id { get; init; }

    /// <summary>One contact, in either form.</summary>
    public string? RemoteJid { get; init; }

    /// <summary>The whole name, as it is written.</summary>
    public string? PushName { get; init; }

    /// <summary>At most so many.</summary>
    public int? Take { get; init; }

    /// <summary>Leaves out the first ones.</summary>
    public int Skip { get; init; }
}
