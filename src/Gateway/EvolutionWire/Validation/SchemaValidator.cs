using System.Text.Json;

namespace Evolution.Gateway.EvolutionWire.Validation;

/// <summary>
/// Checks a body against a <see cref="Schema"/> and words each failure as Evolution 2.3.6 does. Failures are collected, never cut short: a wrong type
/// does not keep the other keywords of the same value from being reported.
/// </summary>
internal static class SchemaValidator
{
    private const string RootName = "instance";

    /// <returns>The texts in the order of the schema; empty when the body is fine.</returns>
    public static IReadOnlyList<string> Validate(Schema schema, JsonElement body)
    {
        var failures = new List<string>();
        Check(schema, body, "", failures);
        return failures;
    }

    private static void Check(Schema schema, JsonElement value, string path, List<string> failures)
    {
        foreach (var keyword in schema.Keywords)
        {
            switch (keyword)
            {
                case TypeKeyword type when !IsOfType(value, type.Name):
                    Fail($"is not of a type(s) {type.Name}");
                    break;
                case EnumKeyword allowed when !allowed.Allows(PlainText(value)):
                    Fail($"is not one of enum values: {string.Join(',', allowed.Values)}");
                    break;
                case MinimumKeyword minimum when value.ValueKind == JsonValueKind.Number && value.GetDouble() < minimum.Value:
                    Fail($"must be greater than or equal to {minimum.Value}");
                    break;
                case MaximumKeyword maximum when value.ValueKind == JsonValueKind.Number && value.GetDouble() > maximum.Value:
                    Fail($"must be less than or equal to {maximum.Value}");
                    break;
                case MinLengthKeyword minimum when value.ValueKind == JsonValueKind.String && value.GetString()!.Length < minimum.Length:
                    Fail($"does not meet minimum length of {minimum.Length}");
                    break;
                case PatternKeyword pattern when value.ValueKind == JsonValueKind.String && !pattern.Regex.IsMatch(value.GetString()!):
                    Fail($"does not match pattern \"{pattern.Pattern.Replace("\\", "\\\\", StringComparison.Ordinal)}\"");
                    break;
                case MinItemsKeyword minimum when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() < minimum.Count:
                    Fail($"does not meet minimum length of {minimum.Count}");
                    break;
                case MaxItemsKeyword maximum when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > maximum.Count:
                    Fail($"does not meet maximum length of {maximum.Count}");
                    break;
                case UniqueItemsKeyword when value.ValueKind == JsonValueKind.Array && HasDuplicate(value):
                    Fail("contains duplicate item");
                    break;
                case RequiredKeyword required when value.ValueKind == JsonValueKind.Object:
                    foreach (var name in required.Names.Where(name => !value.TryGetProperty(name, out _)))
                        Fail($"requires property \"{name}\"");
                    break;
                case ItemsKeyword items when value.ValueKind == JsonValueKind.Array:
                    var index = 0;
                    foreach (var item in value.EnumerateArray())
                        Check(items.Schema, item, $"{path}[{index++}]", failures);
                    break;
                case PropertiesKeyword properties when value.ValueKind == JsonValueKind.Object:
                    foreach (var (name, child) in properties.Properties)
                    {
                        if (value.TryGetProperty(name, out var property))
                            Check(child, property, path.Length == 0 ? name : $"{path}.{name}", failures);
                    }

                    break;
                case WhenOnlyKeyword rule when HasOnly(value, rule.Names):
                    Check(rule.Then, value, path, failures);
                    break;
            }
        }

        void Fail(string text) => failures.Add(schema.FailureText ?? $"{(path.Length == 0 ? RootName : path)} {text}");
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Floor(number) == number,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a JSON Schema type"),
    };

    private static string? PlainText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private static bool HasDuplicate(JsonElement array)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return array.EnumerateArray().Any(item => !seen.Add(Canonical(item)));
    }

    // Two values are the same when only spacing, the order of keys or the spelling of a number differs.
    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Quote(value.GetString()!),
        JsonValueKind.Number => value.GetDouble().ToString("R"),
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject()
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"{Quote(property.Name)}:{Canonical(property.Value)}")) + "}",
        _ => value.ValueKind.ToString(),
    };

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    // Only an object has property names to look at; for anything else the rule would find nothing to check anyway.
    private static bool HasOnly(JsonElement value, string[] names) =>
        value.ValueKind == JsonValueKind.Object
        && value.EnumerateObject().All(property => names.Contains(property.Name, StringComparer.Ordinal));
}
