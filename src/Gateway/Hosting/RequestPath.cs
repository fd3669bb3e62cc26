using System.Text;
using Evolution.Gateway.Api;
using Microsoft.AspNetCore.Http.Features;

namespace Evolution.Gateway.Hosting;

/// <summary>
/// Reads the path as Evolution's clients mean it: from the request line itself, because a server's usual clean-up would lose instance names like
/// <c>..</c> and can't tell <c>%2F</c> from <c>%252F</c>. Doubled slashes count as one (a server address stored with a trailing slash makes them),
/// each segment is percent-decoded once.
/// </summary>
internal sealed class RequestPath
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private RequestPath(string[] segments) => Segments = segments;

    /// <summary>Decoded segments; a slash inside one came percent-encoded.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The last segment: on every route with an instance, its name.</summary>
    public string Last => Segments[^1];

    /// <exception cref="ApiException">400: a broken percent-encoding.</exception>
    public static RequestPath Of(string rawTarget)
    {
        var end = rawTarget.IndexOfAny(['?', '#']);
        var path = end < 0 ? rawTarget : rawTarget[..end];
        if (!path.StartsWith('/') && Uri.TryCreate(path, UriKind.Absolute, out var absolute))
            path = absolute.AbsolutePath;
        return new RequestPath([.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Decode)]);
    }

    /// <summary>Middleware: makes the path available as a feature, and routes by it.</summary>
    public static Task UseAsync(HttpContext context, RequestDelegate next)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = raw.Length == 0 ? Of(context.Request.Path.ToUriComponent()) : Of(raw);
        context.Features.Set(path);
        // Routing splits at slashes, so one inside a name stays encoded there; handlers read the name from this feature.
        context.Request.Path = new PathString("/" + string.Join('/', path.Segments.Select(segment => segment.Replace("/", "%2F", StringComparison.Ordinal))));
        return next(context);
    }

    private static string Decode(string segment)
    {
        if (!segment.Contains('%', StringComparison.Ordinal))
            return segment;
        var bytes = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
                bytes.AddRange(Encoding.UTF8.GetBytes(segment, i, 1));
            else if (i + 2 < segment.Length && char.IsAsciiHexDigit(segment[i + 1]) && char.IsAsciiHexDigit(segment[i + 2]))
                bytes.Add(Convert.ToByte(segment.Substring((i += 2) - 1, 2), 16));
            else
                throw Failed(segment);
        }

        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw Failed(segment);
        }
    }

    private static ApiException Failed(string segment) => ApiException.Unreadable(400, $"Failed to decode param '{segment}'");
}
