using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolution.Contract.Tests;

/// <summary>Makes bodies that are nearly right for a recorded schema, so that every keyword fails now and then. Each seed gives the same body.</summary>
internal sealed class BodyMaker(int seed)
{
    private static readonly string[] Texts = ["", "a", "5511999990001", "x@y", "ünï"];

    // A seed has to give the same body everywhere and for ever, which no generator of the framework promises.
    private ulong state = ((ulong)seed * 0x9E3779B97F4A7C15) + 1;

    public JsonNode? Make(JsonElement schema, int depth = 0) => Next(12) switch
    {
        0 => null,
        1 => JsonValue.Create(Next(7) - 3),
        2 => JsonValue.Create(Texts[Next(Texts.Length)]),
        3 => JsonValue.Create(Next(2) == 0),
        4 => new JsonArray(),
        5 => new JsonObject(),
        6 => JsonValue.Create(1.5),
        _ => Fitting(schema, depth),
    };

    public JsonObject MakeObject(JsonElement schema) => (JsonObject)FittingObject(schema, 0);

    private JsonNode? Fitting(JsonElement schema, int depth)
    {
        if (schema.TryGetProperty("enum", out var allowed) && Next(4) != 0)
            return JsonNode.Parse(allowed[Next(allowed.GetArrayLength())].GetRawText());
        var type = schema.TryGetProperty("type", out var named) ? named.GetString() : schema.TryGetProperty("properties", out _) ? "object" : "string";
        return type switch
        {
            "object" => FittingObject(schema, depth),
            "array" => FittingArray(schema, depth),
            "boolean" => JsonValue.Create(Next(2) == 0),
            "integer" or "number" => JsonValue.Create(Next(100)),
            _ => JsonValue.Create(Texts[Next(Texts.Length)]),
        };
    }

    private JsonNode FittingObject(JsonElement schema, int depth)
    {
        var made = new JsonObject();
        var often = Next(3);
        if (depth < 6 && schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
            {
                if (Next(4) <= often)
                    made[property.Name] = Make(property.Value, depth + 1);
            }
        }

        if (Next(5) == 0)
            made["foreign"] = 1;
        return made;
    }

    private JsonArray FittingArray(JsonElement schema, int depth)
    {
        var made = new JsonArray();
        for (var count = Next(4); count > 0; count--)
            made.Add(schema.TryGetProperty("items", out var items) ? Make(items, depth + 1) : Next(2));
        return made;
    }

    private int Next(int limit)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)(state % (ulong)limit);
    }
}
