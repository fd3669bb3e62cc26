using Evolution.Gateway.Api;
using Microsoft.Net.Http.Headers;

namespace Evolution.Gateway.Hosting;

/// <summary>
/// Middleware: CORS as Evolution answers it. The request's origin is reflected; one that is not allowed is refused with an error. Requests without an
/// origin come from servers, not from pages, and pass (Evolution refuses them when a list is set, which only breaks its own clients).
/// </summary>
internal sealed class Cors(RequestDelegate next, CorsOptions options)
{
    private readonly string methods = string.Join(',', options.Methods);

    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.FirstOrDefault();
        if (origin is not null)
        {
            if (!options.AllowsAnyOrigin && !options.Origins.Contains(origin, StringComparer.Ordinal))
                throw ApiException.Internal("Not allowed by CORS");
            context.Response.Headers.AccessControlAllowOrigin = origin;
            context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
            if (options.Credentials)
                context.Response.Headers.AccessControlAllowCredentials = "true";
        }

        return HttpMethods.IsOptions(context.Request.Method) ? Preflight(context) : next(context);
    }

    private Task Preflight(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowMethods = methods;
        if (context.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } requested)
        {
            context.Response.Headers.AccessControlAllowHeaders = requested;
            context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AccessControlRequestHeaders);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
