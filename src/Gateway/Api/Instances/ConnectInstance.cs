using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api.Instances;

/// <summary><c>GET /instance/connect/{instanceName}</c>. Asked of an open instance it only tells the state; clients poll it.</summary>
internal sealed class ConnectInstance(IInstanceHosts hosts, DeviceOptions device)
{
    private static readonly TimeSpan FirstCodeLimit = TimeSpan.FromSeconds(2);

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var host = hosts.HostOf(call.Instance);
        var number = call.Query("number");
        if (host.Status.State != ConnectionState.Open && (host.Status.State == ConnectionState.Close || number is not null))
        {
            await host.ConnectAsync(PairingNumber.Of(number), call.Aborted);
            await host.WaitForQrCodeAsync(FirstCodeLimit, call.Aborted);
        }

        return host.Status.State == ConnectionState.Open
            ? ConnectionStateReply.Of(call.Instance, ConnectionState.Open)
            : ApiReply.Ok(writer => QrCodeReply.Write(writer, host.QrCode, device.QrCodeColor));
    }
}
