using System.Globalization;
using Evolution.Gateway.Hosting;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>Reads typed values out of environment variables. An unset and an empty variable are the same; a wrong one ends the start.</summary>
/// <param name="lookup">Gives a variable's text, or null.</param>
internal sealed class EnvironmentReader(Func<string, string?> lookup)
{
    /// <summary>The text, or null when unset or empty.</summary>
    public string? Text(string name) => lookup(name) is { Length: > 0 } value ? value : null;

    /// <summary><c>true</c> or <c>false</c>. Evolution takes any other text for false, which hides typing errors; here it is refused.</summary>
    public bool Flag(string name, bool @default) => Text(name) switch
    {
        null => @default,
        "true" => true,
        "false" => false,
        var other => throw Wrong(name, other, "true or false"),
    };

    /// <summary>A whole number within bounds.</summary>
    public int Integer(string name, int @default, int minimum, int maximum)
    {
        if (Text(name) is not { } text)
            return @default;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum
            ? value
            : throw Wrong(name, text, $"a whole number from {minimum} to {maximum}");
    }

    /// <summary>A decimal number within bounds.</summary>
    public double Number(string name, double @default, double minimum, double maximum)
    {
        if (Text(name) is not { } text)
            return @default;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum
            ? value
            : throw Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"));
    }

    /// <summary>Texts between commas, trimmed; the default when unset.</summary>
    public IReadOnlyList<string> List(string name, params string[] @default) =>
        Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? @default;

    /// <summary>One of a few words.</summary>
    public string OneOf(string name, string @default, params string[] allowed) =>
        Text(name) is not { } text ? @default
            : allowed.Contains(text, StringComparer.Ordinal) ? text
            : throw Wrong(name, text, string.Join(", ", allowed));

    /// <summary>An absolute address with one of the given schemes, or null when unset.</summary>
    public Uri? Address(string name, params string[] schemes) =>
        Text(name) is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme, StringComparer.Ordinal) ? uri
            : throw Wrong(name, text, $"an address starting with {string.Join(" or ", schemes.Select(scheme => scheme + "://"))}");

    private static SettingException Wrong(string name, string value, string expected) =>
        new($"{name}={(value.Length > 60 ? value[..60] + "…" : value)} is not valid: expected {expected}");
}
