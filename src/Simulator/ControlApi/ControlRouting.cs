using System.Net;
using System.Text.Json.Nodes;
using Evolution.Simulator.Pairing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Evolution.Simulator.ControlApi;

/// <summary>Leads calls to their handlers and turns everything that goes wrong into a clear answer.</summary>
internal sealed class ControlRouting(SimulatedWorld world, WebApplication app)
{
    public void Map(string method, string pattern, Func<ControlCall, Task> handle) =>
        app.MapMethods(pattern, [method], (RequestDelegate)(context => RunAsync(context, handle)));

    /// <summary>
    /// Nobody logs in here, so a web page elsewhere must not be able to call: a foreign Origin is refused, and so is, on loopback, a Host that
    /// is a name of the outside (DNS rebinding).
    /// </summary>
    public void UseGuard() => app.Use(async (context, next) =>
    {
        if (context.Request.Path == "/ws/chat")
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        if (ForeignOrigin(context.Request) || (IPAddress.IsLoopback(world.Options.BindAddress) && !IsLocal(context.Request.Host.Host)))
        {
            await RefuseAsync(context, 403, "foreign-origin", "Call the simulator by its own address, not from another site.").ConfigureAwait(false);
            return;
        }

        await next(context).ConfigureAwait(false);
        if (context.Response is { HasStarted: false, StatusCode: 404 or 405 } && context.GetEndpoint()?.DisplayName is null or "405 HTTP Method Not Supported")
        {
            var status = context.Response.StatusCode;
            await RefuseAsync(context, status, status == 404 ? "not-found" : "method-not-allowed",
                "There is no such call. /v1/openapi.json lists what there is.").ConfigureAwait(false);
        }
    });

    private static bool ForeignOrigin(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{request.Scheme}://{request.Host}";

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private async Task RunAsync(HttpContext context, Func<ControlCall, Task> handle)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, world.Stopping);
        try
        {
            await handle(new ControlCall(context, world) { Ended = ended.Token }).ConfigureAwait(false);
        }
        catch (ControlException e)
        {
            await RefuseAsync(context, e.Status, e.Code, e.Message).ConfigureAwait(false);
        }
        catch (PairingFailedException e)
        {
            var (status, code) = e.Failure switch
            {
                PairingFailure.BadCode => (404, "bad-code"),
                PairingFailure.Unknown => (404, "unknown-code"),
                PairingFailure.Expired => (410, "code-expired"),
                PairingFailure.NoLogin => (504, "no-login"),
                _ => (409, "refused"),
            };
            await RefuseAsync(context, status, code, e.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e.StatusCode, "bad-request", e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Nobody is left to hear an answer.
            context.Abort();
        }
        catch (Exception e)
        {
            SimulatorLog.ControlFailed(world.Log, context.Request.Method, context.GetEndpoint()?.DisplayName, e);
            await RefuseAsync(context, 500, "internal", "The simulator failed; its log says how.").ConfigureAwait(false);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(new JsonObject { ["error"] = code, ["message"] = message }.ToJsonString(ControlCall.Json), context.RequestAborted);
    }
}
