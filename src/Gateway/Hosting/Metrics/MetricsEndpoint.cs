using System.Net;
using System.Text;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Hosting.Metrics;

/// <summary>
/// <c>GET /metrics</c>: Evolution's four series, then everything that the process measures. With PROMETHEUS_METRICS off none of this is loaded and the
/// route is as unknown as any.
/// </summary>
internal static class MetricsEndpoint
{
    public static IServiceCollection AddMetrics(this IServiceCollection services, MetricsOptions options) =>
        options.Enabled ? services.AddSingleton<MeterReader>() : services;

    public static void MapMetrics(this IEndpointRouteBuilder routes, MetricsOptions options)
    {
        if (!options.Enabled)
            return;
        // Made now, not at the first reading: what was counted before it would be lost.
        var meters = routes.ServiceProvider.GetRequiredService<MeterReader>();
        var server = routes.ServiceProvider.GetRequiredService<ServerOptions>();
        var instances = routes.ServiceProvider.GetRequiredService<InstanceDirectory>();
        var hosts = routes.ServiceProvider.GetRequiredService<IInstanceHosts>();
        routes.MapGet("/metrics", ServeAsync);

        async Task ServeAsync(HttpContext context)
        {
            if (Refusal(context, options) is var (status, text))
            {
                await WriteAsync(context, status, "text/html; charset=utf-8", text);
                return;
            }

            var body = new StringBuilder();
            WriteEvolution(body, server, instances, hosts);
            meters.Write(body);
            context.Response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
            await WriteAsync(context, StatusCodes.Status200OK, "text/plain; charset=utf-8; version=0.0.4", body.ToString());
        }
    }

    private static (int Status, string Text)? Refusal(HttpContext context, MetricsOptions options)
    {
        if (options.AllowedAddresses.Count > 0 && !options.AllowedAddresses.Any(allowed => IsSameAddress(allowed, context.Connection.RemoteIpAddress)))
            return (StatusCodes.Status403Forbidden, "Forbidden: IP not allowed");
        if (!options.RequiresLogin)
            return null;
        if (options.User is null || options.Password is null)
            return (StatusCodes.Status500InternalServerError, "Metrics authentication not configured");
        const string scheme = "Basic ";
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Evolution API Metrics\"";
            return (StatusCodes.Status401Unauthorized, "Authentication required");
        }

        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"));
        return ApiKey.SameText(header[scheme.Length..].Trim(), expected) ? null : (StatusCodes.Status401Unauthorized, "Invalid credentials");
    }

    private static bool IsSameAddress(string allowed, IPAddress? client) =>
        client is not null && IPAddress.TryParse(allowed, out var address) && address.MapToIPv6().Equals(client.MapToIPv6());

    private static void WriteEvolution(StringBuilder body, ServerOptions server, InstanceDirectory instances, IInstanceHosts hosts)
    {
        var all = instances.All;
        body.Append("# HELP evolution_environment_info Environment information\n# TYPE evolution_environment_info gauge\n");
        body.Append($"evolution_environment_info{{version=\"{ProductVersion.Contract}\",clientName=\"{Escape(server.ClientName)}\",serverUrl=\"{Escape(server.Url ?? "")}\"}} 1\n");
        body.Append("# HELP evolution_instances_total Total number of instances\n# TYPE evolution_instances_total gauge\n");
        body.Append($"evolution_instances_total {all.Count}\n");
        body.Append("# HELP evolution_instance_up 1 if instance state is open, else 0\n# TYPE evolution_instance_up gauge\n");
        var states = all.Select(instance => (Labels: $"instance=\"{Escape(instance.Name)}\",integration=\"{Escape(instance.Integration)}\"", hosts.HostOf(instance).Status.State)).ToList();
        foreach (var (labels, state) in states)
            body.Append($"evolution_instance_up{{{labels}}} {(state == ConnectionState.Open ? 1 : 0)}\n");
        body.Append("# HELP evolution_instance_state Instance state as a labelled metric\n# TYPE evolution_instance_state gauge\n");
        foreach (var (labels, state) in states)
            body.Append($"evolution_instance_state{{{labels},state=\"{ConnectionStateNames.Of(state)}\"}} 1\n");
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static Task WriteAsync(HttpContext context, int status, string contentType, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
