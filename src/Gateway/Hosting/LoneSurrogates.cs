using System.Globalization;

namespace Evolution.Gateway.Hosting;

/// <summary>
/// Finds escapes such as <c>\ud83d</c> without their other half. JSON's grammar allows them, but no text can hold them: whoever reads one fails, so they
/// are refused before anybody reads.
/// </summary>
internal static class LoneSurrogates
{
    private const int EscapeLength = 6;

    /// <param name="json">Valid JSON, UTF-8.</param>
    public static bool AreIn(ReadOnlySpan<byte> json)
    {
        while (json.IndexOf((byte)'\\') is var at and >= 0)
        {
            json = json[at..];
            if (json[1] != 'u')
            {
                json = json[2..];
                continue;
            }

            var unit = UnitOf(json);
            json = json[EscapeLength..];
            if (char.IsLowSurrogate(unit))
                return true;
            if (!char.IsHighSurrogate(unit))
                continue;
            if (!json.StartsWith("\\u"u8) || !char.IsLowSurrogate(UnitOf(json)))
                return true;
            json = json[EscapeLength..];
        }

        return false;
    }

    private static char UnitOf(ReadOnlySpan<byte> escape) => (char)ushort.Parse(escape[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
