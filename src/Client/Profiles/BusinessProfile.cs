using Evolution.Protocol.Jids;

namespace Evolution.Client.Profiles;

/// <summary>What a business shows of itself.</summary>
public sealed record BusinessProfile
{
    /// <summary>Whose profile it is.</summary>
    public required Jid Jid { get; init; }

    /// <summary>What the business says of itself; empty when it says nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>The postal address, if it shows one.</summary>
    public string? Address { get; init; }

    /// <summary>The e-mail address, if it shows one.</summary>
    public string? Email { get; init; }

    /// <summary>Its pages on the web.</summary>
    public IReadOnlyList<string> Websites { get; init; } = [];

    /// <summary>The name of its first category.</summary>
    public string? Category { get; init; }

    /// <summary>The time zone of <see cref="Hours"/>, such as <c>America/Sao_Paulo</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>When it is open; null when it does not say.</summary>
    public IReadOnlyList<BusinessHours>? Hours { get; init; }
}
