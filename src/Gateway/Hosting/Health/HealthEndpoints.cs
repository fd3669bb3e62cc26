using System.Text.Json;
using Evolution.Gateway.Api;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;
using Evolution.Storage.Database;

namespace Evolution.Gateway.Hosting.Health;

/// <summary>
/// For process managers. <c>/livez</c>: the process answers. <c>/readyz</c>: it can serve, so the database answers and the data folder is ours.
/// <c>/health</c>: the same with what a person wants to know. WhatsApp being away is told and is never a reason to be restarted.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var storage = routes.ServiceProvider.GetRequiredService<SqliteDatabase>();
        var folder = routes.ServiceProvider.GetRequiredService<DataFolder>();
        var instances = routes.ServiceProvider.GetRequiredService<InstanceDirectory>();
        var hosts = routes.ServiceProvider.GetRequiredService<IInstanceHosts>();
        routes.MapApi(
        [
            new(HttpMethods.Get, "/livez", Access.Open, null, _ => Task.FromResult(ApiReply.Ok(WriteAlive))),
            new(HttpMethods.Get, "/readyz", Access.Open, null, ReadyAsync),
            new(HttpMethods.Get, "/health", Access.Open, null, ReadyAsync),
        ]);

        async Task<ApiReply> ReadyAsync(ApiCall call)
        {
            var database = folder.IsHeld() && await storage.IsReadableAsync(call.Aborted);
            var states = instances.All.Select(instance => hosts.HostOf(instance).Status.State).ToList();
            return new ApiReply(database ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, WireJson.Bytes(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("status", database ? "ok" : "unavailable");
                writer.WriteString("version", ProductVersion.Program);
                writer.WriteString("database", database ? "ok" : "unavailable");
                writer.WriteStartObject("whatsapp");
                foreach (var state in Enum.GetValues<ConnectionState>())
                    writer.WriteNumber(ConnectionStateNames.Of(state), states.Count(other => other == state));
                writer.WriteEndObject();
                writer.WriteEndObject();
            }));
        }
    }

    private static void WriteAlive(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("status", "ok");
        writer.WriteEndObject();
    }
}
