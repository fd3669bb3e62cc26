using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace Evolution.Gateway.Api;

/// <summary>Puts <see cref="ApiRoute"/>s into the host: body, guards, schema, operation, answer, in Evolution's order.</summary>
internal static class ApiRouting
{
    public static void MapApi(this IEndpointRouteBuilder routes, IEnumerable<ApiRoute> table)
    {
        var guards = routes.ServiceProvider.GetRequiredService<ApiGuards>();
        var uploads = routes.ServiceProvider.GetRequiredService<UploadForm>();
        var logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiRouting));
        foreach (var route in table)
        {
            string[] methods = HttpMethods.IsGet(route.Method) ? [route.Method, HttpMethods.Head] : [route.Method];
            RequestDelegate serve = route.RawErrors
                ? context => ServeWithRawErrorsAsync(context, route, guards, logger)
                : context => ServeAsync(context, route, guards, uploads);
            routes.MapMethods(route.Path, methods, serve).WithMetadata(route);
        }
    }

    private static async Task ServeAsync(HttpContext context, ApiRoute route, ApiGuards guards, UploadForm uploads)
    {
        var withUpload = route.TakesUpload && UploadForm.IsIn(context.Request);
        await RunAsync(context, route, withUpload ? await AdmitUploadAsync(context, route, guards, uploads) : await AdmitAsync(context, route, guards));
    }

    // A form with a file is read by nobody who may not send it.
    private static async Task<ApiCall> AdmitUploadAsync(HttpContext context, ApiRoute route, ApiGuards guards, UploadForm uploads)
    {
        var (instance, caller) = guards.Check(route.Access, context.Request, context.Features.GetRequiredFeature<RequestPath>().Last, default);
        var (body, file) = await uploads.ReadAsync(context);
        return new ApiCall(context, body, instance, caller) { Upload = file };
    }

    private static async Task ServeWithRawErrorsAsync(HttpContext context, ApiRoute route, ApiGuards guards, ILogger logger)
    {
        var call = await AdmitAsync(context, route, guards);
        try
        {
            await RunAsync(context, route, call);
        }
        catch (ApiException e)
        {
            await ErrorAnswers.WriteAsync(context, StatusCodes.Status400BadRequest, ErrorBody.Raw(e.Status, e.Label, e.Body));
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            HostingLog.RequestFailed(logger, e, route.Method, route.Path);
            await ErrorAnswers.WriteAsync(context, StatusCodes.Status400BadRequest, "{}"u8.ToArray());
        }
    }

    private static async Task<ApiCall> AdmitAsync(HttpContext context, ApiRoute route, ApiGuards guards)
    {
        var name = route.Access == Access.Instance ? context.Features.GetRequiredFeature<RequestPath>().Last : null;
        var body = route.Access == Access.Open ? default : await ReadBodyAsync(context, guards.Trusts(route.Access, context.Request, name));
        var (instance, caller) = guards.Check(route.Access, context.Request, name, body);
        return new ApiCall(context, route.Reshape is { } reshape ? reshape(body) : body, instance, caller);
    }

    // Evolution reads the body before it looks at the key, so a malformed body is 400 even without one. For a client that has no key we read no
    // more than a little of it; what is longer is refused for the key.
    private static async Task<JsonElement> ReadBodyAsync(HttpContext context, bool trusted)
    {
        if (!trusted && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = RequestBody.MaxUnauthenticatedBytes;
        try
        {
            return await RequestBody.ReadAsync(context);
        }
        catch (ApiException e) when (!trusted && e.Status == StatusCodes.Status413PayloadTooLarge)
        {
            return default;
        }
    }

    private static async Task RunAsync(HttpContext context, ApiRoute route, ApiCall call)
    {
        if (route.Body is { } schema && SchemaValidator.Validate(schema, call.Body) is { Count: > 0 } failures)
            throw ApiException.Invalid(failures);
        var reply = await route.Handle(call);
        await ErrorAnswers.WriteAsync(context, reply.Status, reply.Body);
    }
}
