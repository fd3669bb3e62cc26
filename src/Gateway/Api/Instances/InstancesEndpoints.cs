namespace Evolution.Gateway.Api.Instances;

/// <summary>instance/*.</summary>
internal static class InstancesEndpoints
{
    public static IServiceCollection AddInstances(this IServiceCollection services) => services
        .AddSingleton<CreateInstance>()
        .AddSingleton<RestartInstance>()
        .AddSingleton<ConnectInstance>()
        .AddSingleton<GetConnectionState>()
        .AddSingleton<FetchInstances>()
        .AddSingleton<SetPresence>()
        .AddSingleton<LogoutInstance>()
        .AddSingleton<DeleteInstance>();

    public static void MapInstances(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        routes.MapApi(
        [
            new(HttpMethods.Post, "/instance/create", Access.NewInstance, CreateInstance.Body, services.GetRequiredService<CreateInstance>().HandleAsync),
            new(HttpMethods.Post, "/instance/restart/{instanceName}", Access.Instance, null, services.GetRequiredService<RestartInstance>().HandleAsync),
            new(HttpMethods.Get, "/instance/connect/{instanceName}", Access.Instance, null, services.GetRequiredService<ConnectInstance>().HandleAsync),
            new(HttpMethods.Get, "/instance/connectionState/{instanceName}", Access.Instance, null, services.GetRequiredService<GetConnectionState>().HandleAsync),
            new(HttpMethods.Get, "/instance/fetchInstances", Access.AnyKey, null, services.GetRequiredService<FetchInstances>().HandleAsync),
            new(HttpMethods.Post, "/instance/setPresence/{instanceName}", Access.Instance, SetPresence.Body, services.GetRequiredService<SetPresence>().HandleAsync),
            new(HttpMethods.Delete, "/instance/logout/{instanceName}", Access.Instance, null, services.GetRequiredService<LogoutInstance>().HandleAsync),
            new(HttpMethods.Delete, "/instance/delete/{instanceName}", Access.Instance, null, services.GetRequiredService<DeleteInstance>().HandleAsync),
        ]);
    }
}
