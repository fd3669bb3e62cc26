using System.Net.Sockets;

namespace Evolution.Gateway.Tests.Support;

internal static class Ports
{
    /// <summary>Returns when nobody accepts connections there any more.</summary>
    public static async Task RefusedAsync(Uri address, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(address.Host, address.Port, cancellationToken);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
