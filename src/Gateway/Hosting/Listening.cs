using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Evolution.Gateway.Hosting;

/// <summary>How the web server listens.</summary>
internal static class Listening
{
    /// <summary>Instance names of 300 characters of any script fit, percent-encoded.</summary>
    private const int MaxRequestLineBytes = 16 * 1024;

    /// <exception cref="SettingException">The address is none of this machine's.</exception>
    public static void Configure(KestrelServerOptions kestrel, ServerOptions server)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        if (server.BindAddress is "0.0.0.0" or "::")
            kestrel.ListenAnyIP(server.Port);
        else if (server.BindAddress == "localhost")
            kestrel.ListenLocalhost(server.Port);
        else if (IPAddress.TryParse(server.BindAddress, out var address))
            kestrel.Listen(address, server.Port);
        else
            throw new SettingException($"SERVER_HOST={server.BindAddress} is not valid: expected an address of this machine, such as 127.0.0.1");
    }
}
