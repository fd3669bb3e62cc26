using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api.Instances;

/// <summary><c>DELETE /instance/logout/{instanceName}</c>: unlinks the device and keeps the data.</summary>
internal sealed class LogoutInstance(IInstanceHosts hosts)
{
    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var host = hosts.HostOf(call.Instance);
        if (host.Status.State == ConnectionState.Close)
            throw ApiException.BadRequest($"The \"{call.Instance.Name}\" instance is not connected");
        await host.LogoutAsync(call.Aborted);
        return SuccessReply.Of("Instance logged out");
    }
}
