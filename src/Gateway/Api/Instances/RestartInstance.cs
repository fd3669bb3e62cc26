using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api.Instances;

/// <summary>
/// <c>POST /instance/restart/{instanceName}</c>. There is no PUT: a client that calls it on every poll relies on the 404.
/// </summary>
internal sealed class RestartInstance(IInstanceHosts hosts, DeviceOptions device)
{
    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var host = hosts.HostOf(call.Instance);
        switch (host.Status.State)
        {
            case ConnectionState.Open:
                await host.RestartAsync(call.Aborted);
                return ConnectionStateReply.Of(call.Instance, ConnectionState.Open);
            case ConnectionState.Connecting:
                return ApiReply.Ok(writer => QrCodeReply.Write(writer, host.QrCode, device.QrCodeColor));
            default:
                return ApiReply.Ok(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteBoolean("error", true);
                    writer.WriteString("message", $"The \"{call.Instance.Name}\" instance is not connected");
                    writer.WriteEndObject();
                });
        }
    }
}
