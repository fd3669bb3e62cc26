using System.Net.Sockets;
using Evolution.Gateway.Api;
using Evolution.Gateway.Api.Chats;
using Evolution.Gateway.Api.Instances;
using Evolution.Gateway.Api.Messages;
using Evolution.Gateway.Api.Settings;
using Evolution.Gateway.Events;
using Evolution.Gateway.Events.Webhook;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Hosting.Health;
using Evolution.Gateway.Hosting.Metrics;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Storage.Database;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Evolution.Gateway.Hosting;

/// <summary>The running gateway: puts the parts together, starts them in order and stops them in the other.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    /// <summary>For everything from the signal to the last commit; process managers kill after five seconds.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3.5);

    private readonly WebApplication app;
    private readonly SqliteDatabase database;
    private readonly IDisposable following = Correlation.FollowStanzas();

    private GatewayHost(WebApplication app, SqliteDatabase database, string? madeApiKey)
    {
        this.app = app;
        this.database = database;
        MadeApiKey = madeApiKey;
    }

    /// <summary>Where the API is.</summary>
    public Uri Address => new(app.Urls.First()
        .Replace("[::]", "localhost", StringComparison.Ordinal)
        .Replace("0.0.0.0", "localhost", StringComparison.Ordinal));

    /// <summary>The key that was made because none was set; null when one was.</summary>
    public string? MadeApiKey { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="settings">What the environment says.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="loggers">Outlives the gateway.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="replace">Has the last word on the services.</param>
    /// <exception cref="SettingException">It can't start as it was told to.</exception>
    public static async Task<GatewayHost> StartAsync(
        EvolutionSettings settings,
        DataFolder folder,
        ILoggerFactory loggers,
        CancellationToken cancellationToken,
        Action<IServiceCollection>? replace = null)
    {
        var madeKey = settings.Server.ApiKey is null ? folder.ReadOrMakeApiKey() : null;
        var storage = await Persistence.OpenAsync(folder, TimeProvider.System, loggers, cancellationToken);
        var builder = NewBuilder(settings.Server, loggers);
        AddServices(builder.Services, settings, new ApiKey(madeKey ?? settings.Server.ApiKey!), storage);
        builder.Services.AddSingleton(folder);
        builder.Services.AddSingleton(new WebVersionFile(folder.File("whatsapp-web-version")));
        builder.Services.AddMedia(settings.Media, new MediaFolders(folder.File("media"), folder.File("spool")));
        replace?.Invoke(builder.Services);
        var web = builder.Build();
        var host = new GatewayHost(web, storage, madeKey);
        try
        {
            web.Lifetime.ApplicationStopping.Register(storage.Hurry);
            Map(web, settings);
            await web.Services.GetRequiredService<InstanceDirectory>().LoadAsync(cancellationToken);
            LinkedServer.Claim(folder, settings.Device, web.Services.GetRequiredService<InstanceDirectory>());
            await host.ListenAsync(settings.Server, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until SIGTERM, Ctrl-C or <see cref="StopAsync"/>, and returns when everything has stopped.</summary>
    public Task RunUntilStoppedAsync() => app.WaitForShutdownAsync();

    /// <summary>Stops accepting, lets running requests finish, then closes connections.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await database.DisposeAsync();
        following.Dispose();
    }

    private static WebApplicationBuilder NewBuilder(ServerOptions server, ILoggerFactory loggers)
    {
        // Nothing is read from appsettings.json, so nothing has to be watched for changes.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, server));
        return builder;
    }

    private static void AddServices(IServiceCollection services, EvolutionSettings settings, ApiKey key, SqliteDatabase database) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(key)
        .AddSingleton(settings.Server)
        .AddSingleton(settings.Webhook)
        .AddSingleton(settings.Device)
        .AddSingleton(settings.Saving)
        .AddPersistence(database)
        .AddInstanceDirectory()
        .AddSingleton<GatewayEvents>()
        .AddSingleton<ApiGuards>()
        .AddSingleton<Recipients>()
        .AddInstances()
        .AddMessages()
        .AddChats()
        .AddRuntime()
        .AddMetrics(settings.Metrics);

    private static void Map(WebApplication app, EvolutionSettings settings)
    {
        app.UseMiddleware<Draining>();
        app.UseMiddleware<ErrorAnswers>();
        app.Use(CorrelationHeader.UseAsync);
        app.Use(RequestPath.UseAsync);
        app.UseMiddleware<Cors>(settings.Cors);
        app.UseRouting();
        app.MapRoot(settings.Server);
        app.MapHealth();
        app.MapMetrics(settings.Metrics);
        app.MapInstances();
        app.MapMessages();
        app.MapChats();
        app.MapSettings();
        app.MapWebhook();
        app.MapDeadLetters();
        app.Map("{**path}", NotFound);
    }

    private async Task ListenAsync(ServerOptions server, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new SettingException($"Port {server.Port} is in use by another program: stop it, or set SERVER_PORT to a free one");
        }
        catch (SocketException e)
        {
            throw new SettingException($"Can't listen on {server.BindAddress}:{server.Port}: {e.Message}");
        }
    }

    // Anything that is no route, a wrong method included: Evolution knows no 405.
    private static Task NotFound(HttpContext context) => Task.FromException(
        ApiException.NotFound($"Cannot {context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}"));
}
