using System.Globalization;
using System.Text.Json;

namespace Evolution.Simulator.ControlApi;

/// <summary>A JSON object of a request. Every reading says in the caller's words what is wrong with a field.</summary>
internal sealed class ControlBody
{
    private readonly JsonElement _object;
    private readonly string _path;

    /// <param name="value">Must be an object.</param>
    /// <param name="path">Where it stands in the request, for messages; "" for the whole.</param>
    /// <param name="fields">What it may contain.</param>
    /// <exception cref="ControlException">It is no object or has a field that means nothing.</exception>
    public ControlBody(JsonElement value, string path, params ReadOnlySpan<string> fields)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw ControlException.Bad(path.Length == 0 ? "The body must be a JSON object." : $"{path} must be an object.");
        _object = value;
        _path = path.Length == 0 ? "" : path + ".";
        foreach (var property in value.EnumerateObject())
        {
            if (!fields.Contains(property.Name))
                throw ControlException.Bad($"{_path}{property.Name} means nothing here. Known: {string.Join(", ", fields!)}.");
        }
    }

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    public JsonElement? Find(string name) =>
        _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The name as it stands in the request.</summary>
    public string PathOf(string name) => _path + name;

    public string? Text(string name, int maxLength = 65_536)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw ControlException.Bad($"{_path}{name} must be a text.");
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ControlException.Bad($"{_path}{name} holds half a surrogate pair.");
        }

        return text.Length <= maxLength ? text : throw ControlException.Bad($"{_path}{name} may have at most {maxLength} characters.");
    }

    public string RequiredText(string name, int maxLength = 65_536) =>
        Text(name, maxLength) is { Length: > 0 } text ? text : throw ControlException.Bad($"{_path}{name} is missing.");

    public bool Flag(string name) => Find(name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw ControlException.Bad($"{_path}{name} must be true or false."),
    };

    public long? Whole(string name, long min, long max)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max
            ? number
            : throw ControlException.Bad($"{_path}{name} must be a whole number from {min} to {max}.");
    }

    public double? Number(string name, double min, double max)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max
            ? number
            : throw ControlException.Bad($"{_path}{name} must be a number from {min} to {max}.");
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.ToUnixTimeSeconds() is >= 0 and <= uint.MaxValue
            ? time
            : throw ControlException.Bad($"{_path}{name} must be an ISO-8601 time between 1970 and 2106, such as 2026-01-31T12:00:00Z.");
    }

    /// <summary>A list of texts that are not empty; null when the field is absent.</summary>
    public IReadOnlyList<string>? Texts(string name, int maxCount = 1000)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > maxCount)
            throw ControlException.Bad($"{_path}{name} must be a list of at most {maxCount} texts.");
        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 } text)
                throw ControlException.Bad($"{_path}{name} must hold texts alone, none of them empty.");
            texts.Add(text);
        }

        return texts;
    }

    public IReadOnlyList<string> RequiredTexts(string name) =>
        Texts(name) is { Count: > 0 } texts ? texts : throw ControlException.Bad($"{_path}{name} must hold at least one text.");

    public byte[]? Base64(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw ControlException.Bad($"{_path}{name} must be base64.");
    }

    /// <summary>The object in a field; null when the field is absent.</summary>
    public ControlBody? Object(string name, params ReadOnlySpan<string> fields) =>
        Find(name) is { } value ? new ControlBody(value, _path + name, fields) : null;

    public ControlBody RequiredObject(string name, params ReadOnlySpan<string> fields) =>
        Object(name, fields) ?? throw ControlException.Bad($"{_path}{name} is missing.");
}
