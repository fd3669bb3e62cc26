using System.Text.Json;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>Reads request bodies as loosely as JavaScript does: a missing or differently typed property is simply not there.</summary>
internal static class JsonElementReading
{
    /// <summary>The text of a property, or null.</summary>
    public static string? TextOf(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>Whether a property is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement element, string name) => element.FlagOf(name) == true;

    /// <summary>A property that is <c>true</c> or <c>false</c>, or null. A text that says so counts: form fields have no other type.</summary>
    public static bool? FlagOf(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.String when bool.TryParse(value.GetString(), out var flag) => flag,
                _ => null,
            }
            : null;

    /// <summary>A whole number, or null. A text of digits counts: form fields have no other type.</summary>
    public static long? IntegerOf(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var number) => number,
            JsonValueKind.Number when value.TryGetDouble(out var real) && Math.Abs(real) < long.MaxValue && Math.Floor(real) == real => (long)real,
            JsonValueKind.String when long.TryParse(value.GetString(), out var number) => number,
            _ => null,
        };
    }

    /// <summary>A number, or null.</summary>
    public static double? NumberOf(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;

    /// <summary>A property that is an object; <c>default</c> (kind Undefined) otherwise.</summary>
    public static JsonElement ObjectOf(this JsonElement element, string name) => element.Of(name, JsonValueKind.Object);

    /// <summary>A property that is an array; <c>default</c> (kind Undefined) otherwise.</summary>
    public static JsonElement ArrayOf(this JsonElement element, string name) => element.Of(name, JsonValueKind.Array);

    private static JsonElement Of(this JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : default;
}
