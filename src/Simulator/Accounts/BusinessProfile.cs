namespace Evolution.Simulator.Accounts;

/// <summary>What a business shows of itself.</summary>
/// <param name="Description">What it says of itself; null for nothing, as all the others.</param>
/// <param name="Address">Postal address.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Websites">Pages on the web.</param>
/// <param name="Category">Name of its category.</param>
/// <param name="TimeZone">Time zone of its hours.</param>
/// <param name="OpenDays">Days on which it is open around the clock, such as <c>mon</c>.</param>
public sealed record BusinessProfile(
    string? Description = null,
    string? Address = null,
    string? Email = null,
    IReadOnlyList<string>? Websites = null,
    string? Category = null,
    string? TimeZone = null,
    IReadOnlyList<string>? OpenDays = null);
