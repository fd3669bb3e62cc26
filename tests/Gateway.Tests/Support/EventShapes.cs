using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Evolution.Gateway.Tests.Support;

/// <summary>
/// The bodies of events, as written down in Data/events.json, field by field: what is missing there or has another type is a difference, and so is
/// what comes and is not written down.
/// </summary>
/// <remarks>
/// An object names its fields; <c>name?</c> may be absent, <c>*</c> stands for any name. A list is alternatives; <c>{"each": …}</c> is an array. A
/// text is a kind, several with <c>|</c> between them, <c>$name</c> for a shape, or <c>= a, b</c> for the values that may stand there.
/// </remarks>
public static partial class EventShapes
{
    private static readonly JsonObject Written = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "events.json")))!.AsObject();

    /// <summary>Names of the events that are written down.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Written["events"]!.AsObject().Select(entry => entry.Key)];

    /// <returns>What differs; empty when the body is as written.</returns>
    public static IReadOnlyList<string> DifferencesOf(JsonObject body)
    {
        var found = new List<string>();
        Compare("", Written["envelope"]!, body, found);
        if (found.Count > 0)
            return found;
        var name = (string)body["event"]!;
        if (Written["events"]![name] is not { } shape)
            return [$"{name} is no event that is written down"];
        Compare("data", shape, body["data"], found);
        return [.. found.Select(difference => $"{name}: {difference} in {body.ToJsonString()}")];
    }

    private static void Compare(string path, JsonNode shape, JsonNode? value, List<string> found)
    {
        switch (shape)
        {
            case JsonArray alternatives:
                CompareAlternatives(path, alternatives, value, found);
                break;
            case JsonObject { Count: 1 } list when list["each"] is { } each:
                if (value is not JsonArray items)
                {
                    found.Add($"{path} is no array");
                    break;
                }

                for (var i = 0; i < items.Count; i++)
                    Compare($"{path}[{i}]", each, items[i], found);
                break;
            case JsonObject fields:
                CompareFields(path, fields, value, found);
                break;
            default:
                CompareKind(path, (string)shape!, value, found);
                break;
        }
    }

    private static void CompareAlternatives(string path, JsonArray alternatives, JsonNode? value, List<string> found)
    {
        List<string>? nearest = null;
        foreach (var alternative in alternatives)
        {
            var differences = new List<string>();
            Compare(path, alternative!, value, differences);
            if (nearest is null || differences.Count < nearest.Count)
                nearest = differences;
        }

        found.AddRange(nearest!);
    }

    private static void CompareFields(string path, JsonObject fields, JsonNode? value, List<string> found)
    {
        if (value is not JsonObject given)
        {
            found.Add($"{path} is no object");
            return;
        }

        foreach (var (name, shape) in fields)
        {
            var field = name.TrimEnd('?');
            if (field == "*")
                continue;
            if (given.TryGetPropertyValue(field, out var child))
                Compare($"{path}.{field}", shape!, child, found);
            else if (!name.EndsWith('?'))
                found.Add($"{path}.{field} is missing");
        }

        foreach (var (name, child) in given)
        {
            if (fields.ContainsKey(name) || fields.ContainsKey(name + "?"))
                continue;
            if (fields["*"] is { } any)
                Compare($"{path}.{name}", any, child, found);
            else
                found.Add($"{path}.{name} is not written down");
        }
    }

    private static void CompareKind(string path, string kinds, JsonNode? value, List<string> found)
    {
        if (kinds.StartsWith('$'))
            Compare(path, Written["shapes"]![kinds[1..]]!, value, found);
        else if (kinds.StartsWith("= ", StringComparison.Ordinal) ? !IsOneOf(kinds[2..], value) : !kinds.Split(" | ").Any(kind => Is(kind, value)))
            found.Add($"{path} is {value?.ToJsonString() ?? "null"}, not {kinds}");
    }

    // A text that contains a comma stands alone.
    private static bool IsOneOf(string values, JsonNode? value)
    {
        var given = value is null ? "null" : value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString();
        return given == values || values.Split(", ").Contains(given, StringComparer.Ordinal);
    }

    private static bool Is(string kind, JsonNode? value) => kind switch
    {
        "any" => true,
        "null" => value is null,
        "object" => value is JsonObject,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), out _),
        _ => value?.GetValueKind() == JsonValueKind.String && IsText(kind, (string)value!),
    };

    private static bool IsText(string kind, string text) => kind switch
    {
        "string" => true,
        "empty" => text.Length == 0,
        "digits" => text.Length > 0 && text.All(char.IsAsciiDigit),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "time" => Time().IsMatch(text),
        "jid" => Jid().IsMatch(text),
        "phone" => Jid().IsMatch(text) && text.EndsWith("@s.whatsapp.net", StringComparison.Ordinal),
        "lid" => Jid().IsMatch(text) && text.EndsWith("@lid", StringComparison.Ordinal),
        "png" => text.StartsWith("data:image/png;base64,iVBORw0KGgo", StringComparison.Ordinal),
        "json" => IsJson(text),
        _ => throw new NotSupportedException($"events.json has a kind that is none: {kind}"),
    };

    private static bool IsJson(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"^([0-9]+@(s\.whatsapp\.net|lid|broadcast|newsletter)|[0-9-]+@g\.us|status@broadcast)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Jid();
}
