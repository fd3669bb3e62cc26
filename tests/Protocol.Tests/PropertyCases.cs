namespace Evolution.Protocol.Tests;

/// <summary>How many cases a codec's property is tried with: few in the gate, 100,000 in <c>./test full properties</c>, which sets PROPERTY_CASES.</summary>
internal static class PropertyCases
{
    public static int Count { get; } = int.TryParse(Environment.GetEnvironmentVariable("PROPERTY_CASES"), out var cases) ? cases : 2_000;
}
