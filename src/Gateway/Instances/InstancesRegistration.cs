namespace Evolution.Gateway.Instances;

internal static class InstancesRegistration
{
    /// <summary>What is known of instances, and how they come and go.</summary>
    public static IServiceCollection AddInstanceDirectory(this IServiceCollection services) => services
        .AddSingleton<InstanceDirectory>()
        .AddSingleton<InstanceSettings>()
        .AddSingleton<InstanceLifecycle>();
}
