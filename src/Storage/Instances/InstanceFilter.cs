namespace Evolution.Storage.Instances;

/// <summary>Which instances to list; what is null does not filter. All comparisons are exact.</summary>
public sealed record InstanceFilter
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Number { get; init; }

    public string? ClientName { get; init; }

    /// <summary>Instances with this token.</summary>
    public string? Token { get; init; }
}
