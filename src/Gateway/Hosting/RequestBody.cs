using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Evolution.Gateway.Api;
using Microsoft.AspNetCore.Http.Features;

namespace Evolution.Gateway.Hosting;

/// <summary>Reads a request body as Evolution does: JSON and forms become an object, anything else is as good as nothing sent.</summary>
internal static class RequestBody
{
    /// <summary>136 MiB: Evolution's limit; base64 media of 100 MB fits.</summary>
    public const long MaxBytes = 136L * 1024 * 1024;

    /// <summary>How much is read for a client that has not shown a key. Its refusal needs no more.</summary>
    public const long MaxUnauthenticatedBytes = 1024 * 1024;

    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement.Clone();

    /// <returns>Always an object. It lives until the request has been answered.</returns>
    /// <exception cref="ApiException">The body can't be read: 400, or 413 when it is too long, 415 when it is compressed.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false || request.ContentLength == 0)
            return Empty;
        var isForm = IsMediaType(request.ContentType, "application/x-www-form-urlencoded");
        if (!isForm && !IsMediaType(request.ContentType, "application/json"))
            return Empty;
        if (request.Headers.ContentEncoding.Count > 0 && !string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase))
            throw ApiException.Unreadable(415, "unsupported content encoding");

        try
        {
            var start = await request.BodyReader.ReadAsync(context.RequestAborted);
            // Also where there is nothing: a read that stays open would keep the server from ending the request cleanly.
            request.BodyReader.AdvanceTo(start.Buffer.Start);
            if (start is { IsCompleted: true, Buffer.IsEmpty: true })
                return Empty;
            return isForm ? await FormBody.ReadAsync(context) : await ReadJsonAsync(context);
        }
        catch (BadHttpRequestException e)
        {
            throw ApiException.Unreadable(e.StatusCode, e.StatusCode == 413 ? "request entity too large" : e.Message);
        }
    }

    private static async Task<JsonElement> ReadJsonAsync(HttpContext context)
    {
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(context.Request.BodyReader.AsStream(leaveOpen: true), default, context.RequestAborted);
        }
        catch (JsonException e)
        {
            throw ApiException.Unreadable(400, e.Message);
        }

        context.Response.RegisterForDispose(document);
        var text = JsonMarshal.GetRawUtf8Value(document.RootElement);
        // The parser looks at the grammar alone: whoever reads such a text fails.
        if (!Utf8.IsValid(text))
            throw ApiException.Unreadable(400, "the body must be UTF-8");
        if (LoneSurrogates.AreIn(text))
            throw ApiException.Unreadable(400, "a text in the body has half of a surrogate pair");
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.Object => document.RootElement,
            JsonValueKind.Array => Empty,
            _ => throw ApiException.Unreadable(400, "the body must be a JSON object"),
        };
    }

    private static bool IsMediaType(string? contentType, string expected) =>
        contentType is not null
        && contentType.AsSpan(0, contentType.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? end : contentType.Length)
            .Trim().Equals(expected, StringComparison.OrdinalIgnoreCase);
}
