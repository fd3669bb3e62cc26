using System.Net;
using System.Net.Sockets;

namespace Evolution.Gateway.Hosting;

/// <summary>
/// Which network addresses may be connected to on behalf of somebody who named a URL. The rule is applied where the connection is made, so that
/// neither a redirect nor a name that resolves elsewhere gets around it.
/// </summary>
internal static class AddressGuard
{
    // Where clouds serve the machine's own secrets, outside the link-local ranges.
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("fd00:ec2::254")];

    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("::/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
        // They carry an IPv4 address that would lead around the rule.
        IPNetwork.Parse("2002::/16"), IPNetwork.Parse("2001::/32"),
    ];

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("198.18.0.0/15"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether the address may be connected to: never what is link-local, multicast, unspecified or a cloud's metadata.</summary>
    /// <param name="privateToo">Whether that holds for addresses of the own machine and network.</param>
    public static bool Allows(IPAddress address, bool privateToo)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (Nat64.Contains(address))
            address = new IPAddress(address.GetAddressBytes().AsSpan(12));
        if (Metadata.Contains(address) || Array.Exists(Never, network => network.Contains(address)))
            return false;
        return privateToo || (address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Private, network => network.Contains(address))
            : GlobalUnicast.Contains(address));
    }

    /// <summary>A way to connect for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> Connecting(bool privateToo) => async (context, cancellationToken) =>
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = addresses.Where(address => Allows(address, privateToo)).ToArray();
        if (allowed.Length == 0)
            throw new ForbiddenAddressException(host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    };
}
