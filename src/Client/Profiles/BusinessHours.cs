namespace Evolution.Client.Profiles;

/// <summary>When a business is open on one day of the week, in the server's words.</summary>
/// <param name="Day">Such as <c>mon</c>.</param>
/// <param name="Mode"><c>specific_hours</c>, <c>open_24h</c> or <c>appointment_only</c>.</param>
/// <param name="OpensAt">Minutes since midnight, with <c>specific_hours</c>.</param>
/// <param name="ClosesAt">Minutes since midnight, with <c>specific_hours</c>.</param>
public sealed record BusinessHours(string Day, string Mode, string? OpensAt, string? ClosesAt);
