using Evolution.Gateway.Api;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Media;
using Evolution.Storage;

namespace Evolution.Gateway.Hosting;

/// <summary>Middleware: whatever goes wrong is answered in Evolution's shape. An error nobody foresaw is logged whole and told in general words.</summary>
internal sealed class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (ApiException e)
        {
            await WriteAsync(context, e);
        }
        catch (BadHttpRequestException e)
        {
            await WriteAsync(context, ApiException.Unreadable(e.StatusCode, e.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            HostingLog.ClientGone(logger, context.Request.Method, RouteOf(context));
        }
        catch (StorageUnavailableException e) when (!context.Response.HasStarted)
        {
            // The storage has logged it; the client is told what it is.
            await WriteAsync(context, ApiException.Internal(e.Message));
        }
        catch (MediaFolderException e) when (!context.Response.HasStarted)
        {
            HostingLog.RequestFailed(logger, e, context.Request.Method, RouteOf(context));
            await WriteAsync(context, ApiException.Internal(e.Message));
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            HostingLog.RequestFailed(logger, e, context.Request.Method, RouteOf(context));
            await WriteAsync(context, ApiException.Internal("An unexpected error occurred; the gateway's log has the details"));
        }
    }

    public static Task WriteAsync(HttpContext context, ApiException error) =>
        WriteAsync(context, error.Status, ErrorBody.Standard(error.Status, error.Label, error.Body));

    public static Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> json) => WriteAsync(context, status, JsonBody.Of(json));

    public static async Task WriteAsync(HttpContext context, int status, JsonBody body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await body.CopyToAsync(response.Body, context.RequestAborted);
    }

    // Never the path itself: it names instances and may hold a mistyped key.
    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
}
