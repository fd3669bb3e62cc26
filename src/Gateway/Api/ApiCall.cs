using System.Text.Json;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api;

/// <summary>A request that passed the guards and the schema.</summary>
internal sealed class ApiCall(HttpContext http, JsonElement body, Instance? instance, Caller caller)
{
    /// <summary>The JSON body; an object, empty when nothing usable was sent. It is gone when the request has been answered.</summary>
    public JsonElement Body => body;

    /// <summary>The instance in the path.</summary>
    /// <exception cref="InvalidOperationException">The route has none.</exception>
    public Instance Instance => instance ?? throw new InvalidOperationException("this route has no instance");

    /// <summary>The file that came with a form; null when there was none.</summary>
    public Upload? Upload { get; init; }

    /// <summary>Whose key came with the request.</summary>
    public Caller Caller => caller;

    /// <summary>Ends when the client hangs up or the gateway stops.</summary>
    public CancellationToken Aborted => http.RequestAborted;

    public HttpRequest Request => http.Request;

    /// <summary>A query parameter; null when it is missing or empty.</summary>
    public string? Query(string name) => http.Request.Query[name].FirstOrDefault() is { Length: > 0 } value ? value : null;
}
