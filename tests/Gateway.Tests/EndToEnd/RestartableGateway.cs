using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>The gateway as users run it, on a folder and a port of its own, through several lives: each is a process that can be killed.</summary>
internal sealed class RestartableGateway : IAsyncDisposable
{
    private const string Key = "test-global-key";
    private readonly string _data;
    private readonly (string Name, string Value)[] _environment;
    private readonly CancellationTokenSource _over = new();
    private GatewayProcess? _process;
    private TaskCompletionSource _ready = NewSignal();
    private volatile Uri? _address;

    /// <param name="folder">Its own; made when missing.</param>
    /// <param name="simulator">Its WhatsApp.</param>
    /// <param name="settings">Further variables of its environment.</param>
    public RestartableGateway(string folder, SimulatorHost simulator, params (string Name, string Value)[] settings)
    {
        Http = new HttpClient(new ToPresentLife(this)) { BaseAddress = new Uri("http://gateway"), Timeout = TimeSpan.FromSeconds(60) };
        Http.DefaultRequestHeaders.Add("apikey", Key);
        _data = Path.Combine(folder, "data");
        var mediaCa = Path.Combine(folder, "media-ca.pem");
        Directory.CreateDirectory(folder);
        File.WriteAllText(mediaCa, simulator.MediaCa);
        _environment =
        [
            ("SERVER_PORT", "0"),
            ("SERVER_HOST", "127.0.0.1"),
            ("AUTHENTICATION_API_KEY", Key),
            ("DATA_DIR", _data),
            ("LOG_LEVEL", "ERROR,WARN"),
            ("WEBHOOK_RETRY_INITIAL_DELAY_SECONDS", "1"),
            ("WHATSAPP_WEB_URL", simulator.WebSocketUrl.ToString()),
            ("WHATSAPP_NOISE_ROOT_KEY", Convert.ToHexStringLower(simulator.RootKey)),
            ("WHATSAPP_MEDIA_CA", mediaCa),
            .. settings,
        ];
    }

    public HttpClient Http { get; }

    public string DatabaseFile => Path.Combine(_data, "evolution.db");

    /// <summary>Which life it is in; the first is 1.</summary>
    public int Life { get; private set; }

    /// <summary>Ends when the present life answers requests, or the next one that gets that far.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Starts a life; it is not ready yet.</summary>
    public void Start() => Start("Evolution.Gateway");

    /// <summary>Starts a life as another program, which stops at a point and says so.</summary>
    public void StartToStopAt(string point) => Start("Evolution.CrashHost", ("STOP_AT", point));

    /// <summary>Ends when the present life has stopped where it was told to.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => _process!.StoppedAsync(cancellationToken);

    /// <summary>Makes an instance with a webhook and links it with the phone.</summary>
    public async Task LinkAsync(string instance, Phone phone, Uri webhook, string[] events, CancellationToken cancellationToken)
    {
        await Ready.WaitAsync(cancellationToken);
        var body = new { instanceName = instance, integration = "WHATSAPP-BAILEYS", qrcode = true, webhook = new { enabled = true, url = webhook.ToString(), events, base64 = true } };
        using var answer = await Http.PostAsJsonAsync("/instance/create", body, cancellationToken);
        var created = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!;
        await phone.ScanAsync((string)created["qrcode"]!["code"]!, ct: cancellationToken);
    }

    /// <summary>What the last collection left on the managed heap.</summary>
    public async Task<long> HeapBytesAsync(CancellationToken cancellationToken)
    {
        var metrics = await Http.GetStringAsync("/metrics", cancellationToken);
        return metrics.Split('\n')
            .Where(line => line.StartsWith("dotnet_gc_last_collection_heap_size", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>The most memory that the present life has had at a time.</summary>
    public async Task<long> PeakBytesAsync(CancellationToken cancellationToken)
    {
        var status = await File.ReadAllLinesAsync($"/proc/{_process!.Id}/status", cancellationToken);
        var line = status.Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        // Whoever waits for a life that never got ready waits for the next one.
        if (_ready.Task.IsCompleted)
            _ready = NewSignal();
        await _process!.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        _process!.Terminate();
        var code = await _process.ExitAsync(cancellationToken);
        await KillAsync();
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        if (_process is not null)
            await KillAsync();
        Http.Dispose();
        _over.Dispose();
    }

    private void Start(string program, params (string Name, string Value)[] settings)
    {
        _over.Token.ThrowIfCancellationRequested();
        Life++;
        _process = GatewayProcess.Start(program, [], [.. _environment, .. settings]);
        _ = AnnounceAsync(_process, _ready);
    }

    private async Task AnnounceAsync(GatewayProcess process, TaskCompletionSource ready)
    {
        try
        {
            _address = await process.ReadyAsync(_over.Token);
            ready.TrySetResult();
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Killed on its way; the next life announces itself.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Each life has a port of its own: the system chooses it.</summary>
    private sealed class ToPresentLife(RestartableGateway gateway) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(gateway._address ?? throw new InvalidOperationException("No life was ready yet."), request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
