using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Simulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A gateway on a folder of its own, pointed at a simulator. It can be stopped and started again on the same folder.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly string _folder;
    private readonly SimulatorHost _simulator;
    private readonly Dictionary<string, string> _environment;
    private readonly ILoggerFactory _loggers;
    private readonly Action<IServiceCollection> _replace;
    private DataFolder? _data;
    private GatewayHost? _host;

    private RunningGateway(string folder, SimulatorHost simulator, Dictionary<string, string> environment, ILoggerFactory loggers, Action<IServiceCollection> replace)
    {
        _folder = folder;
        _simulator = simulator;
        _environment = environment;
        _loggers = loggers;
        _replace = replace;
    }

    public const string Key = "test-global-key";

    /// <summary>Messages may be nested deeper than the reader lets anything be by default.</summary>
    public static JsonDocumentOptions DeepJson { get; } = new() { MaxDepth = 256 };

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _host!.Services;

    public string DatabaseFile => _data!.DatabaseFile;

    public string Folder => _folder;

    public static Task<RunningGateway> StartAsync(SimulatorHost simulator, string folder, CancellationToken cancellationToken, params (string Name, string Value)[] settings) =>
        StartAsync(simulator, folder, NullLoggerFactory.Instance, TimeProvider.System, cancellationToken, settings);

    /// <param name="simulator">Where its instances connect.</param>
    /// <param name="folder">Its data folder.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="deviceTime">The clock of its WhatsApp clients; everything else keeps the system's.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="settings">Environment variables beside the usual ones.</param>
    public static Task<RunningGateway> StartAsync(
        SimulatorHost simulator, string folder, ILoggerFactory loggers, TimeProvider deviceTime, CancellationToken cancellationToken, params (string Name, string Value)[] settings) =>
        StartAsync(
            simulator,
            folder,
            loggers,
            services => services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DeviceClients>(provider, deviceTime)),
            cancellationToken,
            settings);

    /// <param name="simulator">Where its instances connect.</param>
    /// <param name="folder">Its data folder.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="replace">Has the last word on its services.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="settings">Environment variables beside the usual ones.</param>
    public static async Task<RunningGateway> StartAsync(
        SimulatorHost simulator, string folder, ILoggerFactory loggers, Action<IServiceCollection> replace, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SERVER_PORT"] = "0",
            ["SERVER_HOST"] = "127.0.0.1",
            ["SERVER_URL"] = "http://gateway.example",
            ["AUTHENTICATION_API_KEY"] = Key,
            ["DATA_DIR"] = folder,
            ["WEBHOOK_RETRY_INITIAL_DELAY_SECONDS"] = "1",
            ["WHATSAPP_WEB_URL"] = simulator.WebSocketUrl.ToString(),
            ["WHATSAPP_NOISE_ROOT_KEY"] = Convert.ToHexStringLower(simulator.RootKey),
        };
        foreach (var (name, value) in settings) environment[name] = value;
        var gateway = new RunningGateway(folder, simulator, environment, loggers, replace);
        await gateway.StartAsync(cancellationToken);
        return gateway;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = EvolutionSettings.Read(new EnvironmentReader(name => _environment.GetValueOrDefault(name)), sandbox: false);
        settings = settings with { Device = settings.Device with { MediaCaPem = _simulator.MediaCa } };
        _data = DataFolder.Open(_folder);
        try
        {
            _host = await GatewayHost.StartAsync(settings, _data, _loggers, cancellationToken, _replace);
        }
        catch
        {
            _data.Dispose();
            throw;
        }

        Http = new HttpClient { BaseAddress = _host.Address, Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Add("apikey", Key);
    }

    public async Task StopAsync()
    {
        if (_host is null) return;
        Http.Dispose();
        await _host.StopAsync();
        await _host.DisposeAsync();
        _data!.Dispose();
        _host = null;
    }

    public async Task<JsonNode> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await Http.PostAsJsonAsync(path, body, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"POST {path} answered {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text, documentOptions: DeepJson)!;
    }

    public async Task<JsonNode> DeleteAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path) { Content = JsonContent.Create(body) };
        using var answer = await Http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"DELETE {path} answered {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text, documentOptions: DeepJson)!;
    }

    /// <summary>A request that has to be refused with 400; its body.</summary>
    public async Task<JsonNode> RefusedAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await Http.PostAsJsonAsync(path, body, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.StatusCode == System.Net.HttpStatusCode.BadRequest, $"POST {path} answered {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text, documentOptions: DeepJson)!;
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await Http.GetAsync(path, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"GET {path} answered {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text, documentOptions: DeepJson)!;
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await Http.DeleteAsync(path, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"DELETE {path} answered {(int)answer.StatusCode}");
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
