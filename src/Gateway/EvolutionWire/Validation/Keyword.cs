using System.Text.RegularExpressions;

namespace Evolution.Gateway.EvolutionWire.Validation;

/// <summary>One rule of a <see cref="Schema"/>; <see cref="SchemaValidator"/> knows how each is checked.</summary>
internal abstract record Keyword;

internal sealed record TypeKeyword(string Name) : Keyword;

internal sealed record EnumKeyword(string[] Values) : Keyword
{
    /// <summary>Further values, which failures do not name.</summary>
    public string[] Unlisted { get; init; } = [];

    public bool Allows(string? value) => Values.Contains(value, StringComparer.Ordinal) || Unlisted.Contains(value, StringComparer.Ordinal);
}

internal sealed record MinimumKeyword(int Value) : Keyword;

internal sealed record MaximumKeyword(int Value) : Keyword;

internal sealed record MinLengthKeyword(int Length) : Keyword;

internal sealed record PatternKeyword(string Pattern, Regex Regex) : Keyword;

internal sealed record MinItemsKeyword(int Count) : Keyword;

internal sealed record MaxItemsKeyword(int Count) : Keyword;

internal sealed record UniqueItemsKeyword : Keyword;

internal sealed record RequiredKeyword(string[] Names) : Keyword;

internal sealed record ItemsKeyword(Schema Schema) : Keyword;

internal sealed record PropertiesKeyword((string Name, Schema Schema)[] Properties) : Keyword;

internal sealed record WhenOnlyKeyword(string[] Names, Schema Then) : Keyword;
