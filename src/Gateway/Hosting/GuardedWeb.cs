using System.Net;
using Evolution.Gateway.Media;

namespace Evolution.Gateway.Hosting;

/// <summary>HTTP clients for addresses that callers name; <see cref="AddressGuard"/> says where they may go. Whoever uses one sets its limits.</summary>
internal sealed class GuardedWeb(MediaOptions media) : IDisposable
{
    private const int MaxRedirects = 5;

    /// <summary>For pages that are only looked at: never leaves the public internet.</summary>
    public HttpClient Pages { get; init; } = Client(privateToo: false);

    /// <summary>For files to send: into the own network too, unless the settings forbid it.</summary>
    public HttpClient Files { get; } = Client(media.FetchesFromPrivateAddresses);

    public void Dispose()
    {
        Pages.Dispose();
        Files.Dispose();
    }

    // Through no proxy: it would connect where the guard can't see.
    private static HttpClient Client(bool privateToo) => new(new SocketsHttpHandler
    {
        ConnectCallback = AddressGuard.Connecting(privateToo),
        UseProxy = false,
        UseCookies = false,
        MaxAutomaticRedirections = MaxRedirects,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
