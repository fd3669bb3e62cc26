using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api;

/// <summary>
/// Evolution's guards, in its order: the instance exists (404), the name is not taken (403), the key is right (401). An unknown instance is therefore
/// 404 even without a key.
/// </summary>
internal sealed class ApiGuards(InstanceDirectory instances, ApiKey globalKey)
{
    private const string KeyHeader = "apikey";

    /// <returns>The instance in the path, if the route has one, and whose key it was.</returns>
    /// <exception cref="ApiException">A guard refuses.</exception>
    public (Instance? Instance, Caller Caller) Check(Access access, HttpRequest request, string? instanceName, JsonElement body)
    {
        Instance? instance = null;
        if (access == Access.Instance)
        {
            instance = instances.Find(instanceName!)
                ?? throw ApiException.NoInstance(instanceName!);
        }

        if (access == Access.NewInstance && body.TextOf("instanceName") is { } newName && instances.Find(newName) is not null)
            throw ApiException.Forbidden($"This name \"{newName}\" is already in use.");

        if (access == Access.Open)
            return (null, default);
        return (instance, Accepts(access, request.Headers[KeyHeader].FirstOrDefault(), instance) ?? throw ApiException.Unauthorized());
    }

    /// <summary>Whether the key would be accepted; says nothing about the other guards.</summary>
    public bool Trusts(Access access, HttpRequest request, string? instanceName) =>
        access == Access.Open || Accepts(access, request.Headers[KeyHeader].FirstOrDefault(), instances.Find(instanceName ?? "")) is not null;

    private Caller? Accepts(Access access, string? key, Instance? instance)
    {
        if (string.IsNullOrEmpty(key))
            return null;
        if (globalKey.Matches(key))
            return new Caller(IsGlobal: true, null);
        var accepted = access switch
        {
            Access.Instance => instance is not null && ApiKey.SameText(key, instance.Token),
            Access.AnyKey => instances.AnyHasToken(key),
            _ => false,
        };
        return accepted ? new Caller(IsGlobal: false, key) : null;
    }
}
