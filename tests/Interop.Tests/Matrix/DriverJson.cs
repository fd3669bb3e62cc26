namespace Evolution.Interop.Tests.Matrix;

/// <summary>How what JSON does not have is told to a driver.</summary>
internal static class DriverJson
{
    public static object Bytes(byte[] bytes) => new Dictionary<string, string>(StringComparer.Ordinal) { ["$bytes"] = Convert.ToBase64String(bytes) };

    public static object Time(DateTimeOffset time) => new Dictionary<string, long>(StringComparer.Ordinal) { ["$time"] = time.ToUnixTimeMilliseconds() };
}
