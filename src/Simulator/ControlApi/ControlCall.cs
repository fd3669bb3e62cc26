using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator.Phones;
using Microsoft.AspNetCore.Http;

namespace Evolution.Simulator.ControlApi;

/// <summary>One call of the control API: what it asks, and its answer.</summary>
internal sealed class ControlCall(HttpContext context, SimulatedWorld world)
{
    private const int MaxWaitSeconds = 120;
    private static readonly JsonElement s_nothing = JsonDocument.Parse("{}").RootElement;

    /// <summary>Texts as they are: nothing here ends up inside HTML, and <c>+</c> or <c>ã</c> should be readable.</summary>
    internal static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    /// <summary>A content is nested a hundred levels at most, of which some become two; the usual 64 would make a phone with a hostile message unreadable.</summary>
    internal const int MaxDepth = 256;

    /// <summary>Ends when the caller has gone or the simulator stops.</summary>
    public required CancellationToken Ended { get; init; }

    public string Route(string name) => (string)context.Request.RouteValues[name]!;

    public string? Query(string name) => context.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    public long QueryWhole(string name, long fallback, long min, long max)
    {
        if (Query(name) is not { } text)
            return fallback;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw ControlException.Bad($"{name} must be a whole number from {min} to {max}.");
    }

    /// <summary>How long the caller wants to wait; zero when it did not say.</summary>
    public TimeSpan Wait(int fallback = 0) => TimeSpan.FromSeconds(QueryWhole("wait", fallback, 0, MaxWaitSeconds));

    /// <summary>The phone that the path names by number, JID or LID.</summary>
    public Phone Phone() => world.FindPhone(Route("number"))
        ?? throw new ControlException(404, "unknown-phone", "There is no phone with this number. POST /v1/phones makes one.");

    public async Task<ControlBody> BodyAsync(params string[] fields)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, default, Ended).ConfigureAwait(false);
            return new ControlBody(document.RootElement.Clone(), "", fields);
        }
        catch (JsonException e)
        {
            throw ControlException.Bad($"The body is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    /// <summary>As <see cref="BodyAsync"/>, for a call that may have none.</summary>
    public Task<ControlBody> OptionalBodyAsync(params string[] fields) =>
        context.Request.ContentLength is > 0 || (context.Request.ContentLength is null && context.Request.Headers.TransferEncoding.Count > 0)
            ? BodyAsync(fields)
            : Task.FromResult(new ControlBody(s_nothing, "", fields));

    public async Task AnswerAsync(int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(body.ToJsonString(Json), Ended).ConfigureAwait(false);
    }

    /// <param name="policy">The Content-Security-Policy.</param>
    public async Task FileAsync(string type, ReadOnlyMemory<byte> bytes, string policy)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers.ContentSecurityPolicy = policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.Body.WriteAsync(bytes, Ended).ConfigureAwait(false);
    }

    /// <summary>It is done, or on its way: an empty object, which every JSON client can read.</summary>
    public Task AcceptedAsync() => AnswerAsync(202, new JsonObject());

    public Task NothingAsync(int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Looks until there is something to say or the wait is over.</summary>
    /// <param name="change">Ends at the next change; taken before each look, so that nothing slips through.</param>
    /// <param name="look">Null while there is nothing.</param>
    public async Task<T?> PollAsync<T>(Func<Task> change, Func<T?> look)
        where T : class
    {
        using var limit = new CancellationTokenSource(Wait(), world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Ended);
        while (true)
        {
            var next = change();
            if (look() is { } found)
                return found;
            if (limit.IsCancellationRequested)
                return null;
            try
            {
                await next.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !Ended.IsCancellationRequested)
            {
                return look();
            }
        }
    }
}
