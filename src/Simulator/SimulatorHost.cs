using Evolution.Simulator.ControlApi;
using Evolution.Simulator.Media;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Evolution.Simulator;

/// <summary>A running simulator: WebSocket and control API on one port, the media host on another.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SimulatorStore _store;
    private readonly MediaAuthority _authority;
    private long _connections;
    private int _disposed;

    private SimulatorHost(WebApplication app, SimulatorStore store, SimulatedWorld world, MediaAuthority authority)
    {
        _authority = authority;
        _app = app;
        _store = store;
        World = world;
    }

    /// <summary>Where clients connect: <c>ws://127.0.0.1:port/ws/chat</c>.</summary>
    public Uri WebSocketUrl { get; private set; } = null!;

    /// <summary>Root of the control API.</summary>
    public Uri ControlUrl { get; private set; } = null!;

    /// <summary>Where media lies, over HTTPS.</summary>
    public Uri MediaUrl { get; private set; } = null!;

    /// <summary>Certificate (PEM) of the authority that vouches for the media host.</summary>
    public string MediaCa => _authority.Pem;

    /// <summary>The key that signs the server's certificate, 32 bytes: what a client must pin.</summary>
    public byte[] RootKey => World.Keys.Root.PublicKey.ToArray();

    public SimulatedWorld World { get; }

    /// <summary>Every call that is answered over HTTP.</summary>
    internal IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>Opens the file, brings everybody back and listens.</summary>
    /// <exception cref="IOException">The port is in use or the folder cannot be written.</exception>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = SimulatorStore.Open(options.DataDir, options.Loggers.CreateLogger("Evolution.Simulator.Store"));
        try
        {
            var keys = await ServerKeys.LoadAsync(store, options.Time).ConfigureAwait(false);
            var authority = await MediaAuthority.LoadAsync(store, options.BindAddress, options.Time).ConfigureAwait(false);
            var world = new SimulatedWorld(options, store, keys);
            world.Load();
            var host = new SimulatorHost(Build(options, authority), store, world, authority);
            host.Map();
            await host._app.StartAsync(ct).ConfigureAwait(false);
            host.Announce(options);
            return host;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Cuts the connections, lets running work finish and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await World.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        ((IDisposable)World).Dispose();
        _authority.Server.Dispose();
    }

    private static WebApplication Build(SimulatorOptions options, MediaAuthority authority)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ApplicationName = "Evolution.Simulator" });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(options.Loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 200L << 20;
            kestrel.Listen(options.BindAddress, options.Port);
            kestrel.Listen(options.BindAddress, options.MediaPort ?? (options.Port == 0 ? 0 : options.Port + 1), media => media.UseHttps(authority.Server));
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        return builder.Build();
    }

    private void Map()
    {
        new ControlSurface(this).Map(_app);
        _app.Map("/ws/chat", AcceptAsync);
    }

    private async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        using var connection = new ServerConnection(Interlocked.Increment(ref _connections), socket, World, World.Stopping);
        await connection.RunAsync().ConfigureAwait(false);
    }

    private void Announce(SimulatorOptions options)
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        ControlUrl = new Uri(addresses.First(a => a.StartsWith("http:", StringComparison.Ordinal)));
        WebSocketUrl = new UriBuilder(ControlUrl) { Scheme = "ws", Path = "/ws/chat" }.Uri;
        MediaUrl = new Uri(addresses.First(a => a.StartsWith("https:", StringComparison.Ordinal)));
        World.MediaHostName = MediaUrl.Authority;
        SimulatorLog.Started(World.Log, WebSocketUrl, MediaUrl, World.Directory.All.Count);
    }
}
