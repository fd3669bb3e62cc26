using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api.Instances;

/// <summary><c>GET /instance/connectionState/{instanceName}</c>.</summary>
internal sealed class GetConnectionState(IInstanceHosts hosts)
{
    public Task<ApiReply> HandleAsync(ApiCall call) =>
        Task.FromResult(ConnectionStateReply.Of(call.Instance, hosts.HostOf(call.Instance).Status.State));
}
