using Evolution.Client;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>
/// The WhatsApp Web version that new connections claim: the one that is set, else the newest that was ever found, kept in a file, else the one this
/// release was made with. It is looked up beside everything else; a connection never waits for it, unless the server has called its version outdated.
/// Where instances are pointed at another server than WhatsApp's, nothing is looked up.
/// </summary>
internal sealed class WebVersions : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly WebVersionPage page;
    private readonly string file;
    private readonly TimeProvider time;
    private readonly ILogger<WebVersions> logger;
    private readonly SemaphoreSlim reading = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly bool isFixed;
    private readonly Lock gate = new();
    private WhatsAppVersion current;
    private long? foundAt;
    private Task running = Task.CompletedTask;

    /// <param name="device">Says whether the version is set, and whether WhatsApp is WhatsApp.</param>
    /// <param name="page">Where the newest is found.</param>
    /// <param name="file">Keeps the last good one; need not exist.</param>
    public WebVersions(DeviceOptions device, WebVersionPage page, WebVersionFile file, TimeProvider time, ILogger<WebVersions> logger)
    {
        this.page = page;
        this.file = file.Path;
        this.time = time;
        this.logger = logger;
        isFixed = device.WebVersion is not null || device.WebSocketUrl is not null;
        current = device.WebVersion is { } set ? WhatsAppVersion.Parse(set)
            : !isFixed && WhatsAppVersion.TryParse(ReadKept(), out var kept) ? kept
            : WhatsAppVersion.BuiltIn;
    }

    /// <summary>The version to claim now.</summary>
    public WhatsAppVersion Current
    {
        get
        {
            lock (gate)
                return current;
        }
    }

    /// <summary>Begins to look for newer ones; <see cref="StopAsync"/> ends it.</summary>
    public void Start()
    {
        if (!isFixed)
            running = Task.Run(RunAsync);
    }

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    /// <summary>Looks now. Many may ask at once: one looks, and what was found within the last minute is new enough.</summary>
    /// <returns>The newest known; null when the version is fixed or none was found.</returns>
    public async Task<WhatsAppVersion?> RefreshAsync(CancellationToken cancellationToken)
    {
        if (isFixed)
            return null;
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (foundAt is { } at && time.GetElapsedTime(at) < Fresh)
                return Current;
            var found = await page.ReadAsync(cancellationToken);
            foundAt = time.GetTimestamp();
            if (found != Current)
                Take(found);
            return found;
        }
        catch (Exception e) when (e is HttpRequestException or FormatException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            WhatsAppWebLog.VersionNotFound(logger, Current, e.Message);
            return null;
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose()
    {
        reading.Dispose();
        stopping.Dispose();
    }

    private void Take(WhatsAppVersion found)
    {
        WhatsAppWebLog.VersionFound(logger, found);
        lock (gate)
            current = found;
        try
        {
            var half = file + ".new";
            File.WriteAllText(half, found.ToString());
            File.Move(half, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WhatsAppWebLog.VersionNotKept(logger, e.Message);
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
                await RefreshAsync(stopping.Token);
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private string? ReadKept()
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WhatsAppWebLog.VersionNotKept(logger, e.Message);
            return null;
        }
    }
}
