using System.Globalization;

namespace Evolution.Simulator.ControlApi;

/// <summary>How times look in answers: ISO-8601, UTC, milliseconds.</summary>
internal static class ControlTime
{
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string? Write(DateTimeOffset? time) => time is { } known ? Write(known) : null;
}
