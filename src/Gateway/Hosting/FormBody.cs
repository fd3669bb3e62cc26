using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Evolution.Gateway.Api;

namespace Evolution.Gateway.Hosting;

/// <summary>
/// Turns a form (<c>number=1&amp;quoted[key][id]=X&amp;mentioned[]=1</c>) into the object that the same JSON would be. Every value is a text.
/// </summary>
internal static class FormBody
{
    private const int MaxDepth = 8;
    private const int MaxFields = 1000;

    /// <exception cref="ApiException">400: the form is malformed or too deep.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext context)
    {
        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(
                new FormOptions { ValueCountLimit = MaxFields, ValueLengthLimit = int.MaxValue, KeyLengthLimit = 1024 },
                context.RequestAborted);
        }
        catch (InvalidDataException e)
        {
            throw ApiException.Unreadable(400, e.Message);
        }

        return ToObject(context, form.SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value ?? "")));
    }

    /// <summary>The object that the fields describe; it lives until the request has been answered.</summary>
    /// <exception cref="ApiException">400: they are nested too deeply.</exception>
    public static JsonElement ToObject(HttpContext context, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var root = new JsonObject();
        foreach (var (key, value) in fields)
            Put(root, key, value);
        var document = JsonDocument.Parse(root.ToJsonString());
        context.Response.RegisterForDispose(document);
        return document.RootElement;
    }

    private static void Put(JsonObject root, string key, string value)
    {
        var steps = key.Replace("]", "", StringComparison.Ordinal).Split('[');
        if (steps.Length > MaxDepth)
            throw ApiException.Unreadable(400, "form fields are nested too deeply");
        JsonNode at = root;
        for (var i = 0; i < steps.Length; i++)
        {
            var isLast = i == steps.Length - 1;
            var child = isLast ? JsonValue.Create(value) : Container(steps[i + 1]);
            switch (at)
            {
                case JsonArray array:
                    array.Add(child);
                    at = child;
                    break;
                case JsonObject container when !isLast && container[steps[i]] is JsonObject or JsonArray:
                    at = container[steps[i]]!;
                    break;
                case JsonObject container when isLast && container.TryGetPropertyValue(steps[i], out var earlier):
                    // The same field twice is a list, as in any form.
                    container[steps[i]] = earlier is JsonValue ? new JsonArray(earlier.DeepClone(), child) : earlier;
                    if (container[steps[i]] is JsonArray list && earlier is JsonArray)
                        list.Add(child);
                    break;
                case JsonObject container:
                    container[steps[i]] = child;
                    at = child;
                    break;
            }
        }
    }

    private static JsonNode Container(string nextStep) =>
        nextStep.Length == 0 || int.TryParse(nextStep, out _) ? new JsonArray() : new JsonObject();
}
