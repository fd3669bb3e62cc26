using System.Diagnostics;

namespace Evolution.Gateway.Hosting;

/// <summary>Middleware: tells the client the id under which the log speaks of its request. A <c>traceparent</c> of its own is taken over.</summary>
internal static class CorrelationHeader
{
    public const string Name = "X-Correlation-Id";

    public static async Task UseAsync(HttpContext context, RequestDelegate next)
    {
        // The web host starts an activity only while it logs.
        using var own = Activity.Current is null ? Start(context.Request) : null;
        context.Response.Headers[Name] = Activity.Current!.TraceId.ToHexString();
        await next(context);
    }

    private static Activity Start(HttpRequest request)
    {
        var activity = new Activity("request");
        if (ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, out var parent))
            activity.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
        return activity.Start();
    }
}
