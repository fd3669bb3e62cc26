using System.Text.Json;
using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Contract.Tests;

/// <summary>Reads a recorded JSON schema, keeping its order.</summary>
internal static class SchemaReading
{
    public static Schema Read(JsonElement json)
    {
        var schema = new Schema();
        foreach (var keyword in json.EnumerateObject())
        {
            _ = keyword.Name switch
            {
                "$schema" or "$comment" or "then" => schema,
                "x-message" => schema.Message(keyword.Value.GetString()!),
                "type" => schema.Type(keyword.Value.GetString()!),
                "enum" => schema.Enum([.. keyword.Value.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText())]),
                "minimum" => schema.Minimum(keyword.Value.GetInt32()),
                "maximum" => schema.Maximum(keyword.Value.GetInt32()),
                "minLength" => schema.MinLength(keyword.Value.GetInt32()),
                "pattern" => schema.Pattern(keyword.Value.GetString()!),
                "minItems" => schema.MinItems(keyword.Value.GetInt32()),
                "maxItems" => schema.MaxItems(keyword.Value.GetInt32()),
                "uniqueItems" => keyword.Value.GetBoolean() ? schema.UniqueItems() : schema,
                "required" => schema.Required([.. Texts(keyword.Value)]),
                "items" => schema.Items(Read(keyword.Value)),
                "properties" => schema.Properties([.. Properties(keyword.Value)]),
                "if" => schema.WhenOnly(
                    [.. Texts(keyword.Value.GetProperty("propertyNames").GetProperty("enum"))],
                    [.. Properties(json.GetProperty("then").GetProperty("properties"))]),
                _ => throw new NotSupportedException($"no test knows the keyword {keyword.Name}"),
            };
        }

        return schema;
    }

    private static IEnumerable<(string Name, Schema Schema)> Properties(JsonElement json) =>
        json.EnumerateObject().Select(property => (property.Name, Read(property.Value)));

    private static IEnumerable<string> Texts(JsonElement json) => json.EnumerateArray().Select(text => text.GetString()!);
}
