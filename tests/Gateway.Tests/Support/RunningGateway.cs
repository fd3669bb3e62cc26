using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.Support;

/// <summary>The real gateway on a free port with a data folder of its own; only WhatsApp is scripted.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    public const string GlobalKey = "sk-test-global";

    private readonly DataFolder folder;
    private readonly GatewayHost gateway;
    private readonly HttpClient client;
    private Task? stopped;

    private RunningGateway(string path, DataFolder folder, GatewayHost gateway, ScriptedHosts hosts)
    {
        Path = path;
        this.folder = folder;
        this.gateway = gateway;
        Hosts = hosts;
        client = new HttpClient { BaseAddress = gateway.Address };
    }

    public string Path { get; }

    public string DatabaseFile => folder.DatabaseFile;

    public ScriptedHosts Hosts { get; }

    public Uri Address => gateway.Address;

    public IServiceProvider Services => gateway.Services;

    public static async Task<RunningGateway> StartAsync(CancellationToken cancellationToken, params (string Name, string Value)[] environment)
    {
        var path = Directory.CreateTempSubdirectory("evolution-gateway-").FullName;
        return await StartAsync(path, cancellationToken, environment);
    }

    public static Task<RunningGateway> StartAsync(string path, CancellationToken cancellationToken, params (string Name, string Value)[] environment) =>
        StartAsync(path, null, environment, cancellationToken);

    /// <param name="replace">Has the last word on the services.</param>
    public static Task<RunningGateway> StartAsync(Action<IServiceCollection> replace, CancellationToken cancellationToken, params (string Name, string Value)[] environment) =>
        StartAsync(Directory.CreateTempSubdirectory("evolution-gateway-").FullName, replace, environment, cancellationToken);

    private static async Task<RunningGateway> StartAsync(
        string path, Action<IServiceCollection>? replace, (string Name, string Value)[] environment, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SERVER_PORT"] = "0",
            ["SERVER_HOST"] = "127.0.0.1",
            ["AUTHENTICATION_API_KEY"] = GlobalKey,
            // Nothing is fetched from outside.
            ["CONFIG_SESSION_PHONE_VERSION"] = "2.3000.1",
        };
        foreach (var (name, value) in environment)
            values[name] = value;
        var settings = EvolutionSettings.Read(new EnvironmentReader(values.GetValueOrDefault), sandbox: false);
        var hosts = new ScriptedHosts();
        var opened = DataFolder.Open(path);
        var started = await GatewayHost.StartAsync(
            settings, opened, NullLoggerFactory.Instance, cancellationToken, services =>
            {
                services.AddSingleton<IInstanceHosts>(hosts);
                replace?.Invoke(services);
            });
        return new RunningGateway(path, opened, started, hosts);
    }

    public Instance InstanceOf(string name) => Services.GetRequiredService<InstanceDirectory>().Find(name)!;

    public ScriptedHost HostOf(string name) => Hosts[InstanceOf(name)];

    /// <summary>Makes an instance and returns its token.</summary>
    public async Task<string> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(
            HttpMethod.Post, "/instance/create", GlobalKey, $$"""{"instanceName":{{JsonSerializer.Serialize(name)}},"integration":"WHATSAPP-BAILEYS"}""", cancellationToken);
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        return reply.Json.GetProperty("hash").GetString()!;
    }

    /// <param name="path">Sent as it is, without any clean-up.</param>
    public async Task<Reply> SendAsync(HttpMethod method, string path, string? key, string? body, CancellationToken cancellationToken, string contentType = "application/json")
    {
        var address = new Uri(gateway.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, address);
        if (key is not null)
            request.Headers.Add("apikey", key);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType));
        return await SendAsync(request, cancellationToken);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return new Reply(
            response.StatusCode, text, response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<Reply> GetAsync(string path, string? key, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, key, null, cancellationToken);

    public Task<Reply> PostAsync(string path, string? key, string body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, key, body, cancellationToken);

    /// <summary>Stops it as a signal does; ends when it has stopped.</summary>
    public Task DrainAsync() => stopped ??= gateway.StopAsync();

    public async ValueTask StopAsync()
    {
        client.Dispose();
        await DrainAsync();
        await gateway.DisposeAsync();
        folder.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Path, recursive: true);
    }
}
