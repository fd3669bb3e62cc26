using System.Globalization;
using System.Runtime.InteropServices;

namespace Evolution.Client;

/// <summary>A WhatsApp Web version, such as 2.3000.1043857760. An outdated one is refused at login (failure 405).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WhatsAppVersion(uint Primary, uint Secondary, uint Tertiary)
{
    /// <summary>The version this release was tested with (Baileys 7.0.0-rc14, src/Defaults).</summary>
    public static WhatsAppVersion BuiltIn { get; } = new(2, 3000, 1043857760);

    /// <summary>Reads three numbers with dots between them.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static WhatsAppVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw new FormatException($"'{text}' is no WhatsApp version such as {BuiltIn}.");

    /// <summary>Reads three numbers with dots between them.</summary>
    public static bool TryParse(string? text, out WhatsAppVersion version)
    {
        version = default;
        var parts = text?.Split('.');
        if (parts is not { Length: 3 }
            || !uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var primary)
            || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var secondary)
            || !uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var tertiary))
            return false;
        version = new WhatsAppVersion(primary, secondary, tertiary);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Primary}.{Secondary}.{Tertiary}");
}
