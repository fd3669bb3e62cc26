using System.Text.RegularExpressions;
using Evolution.Gateway.Events.Webhook;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Hosting.Metrics;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Gateway.Media.S3;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>
/// Everything that is read from the environment, under Evolution's names where Evolution has one. The only place that knows a variable's name.
/// </summary>
internal sealed partial record EvolutionSettings
{
    private const string NoFfmpeg = "none";

    public required ServerOptions Server { get; init; }

    public required CorsOptions Cors { get; init; }

    public required MetricsOptions Metrics { get; init; }

    public required WebhookOptions Webhook { get; init; }

    public required DeviceOptions Device { get; init; }

    public required SavingOptions Saving { get; init; }

    public required MediaOptions Media { get; init; }

    public required SandboxOptions Sandbox { get; init; }

    /// <summary>Variables of Evolution that are set and have no effect; for whoever starts it to be told of.</summary>
    public IReadOnlyList<string> WithoutEffect { get; init; } = [];

    /// <summary>The process's environment, completed by a <c>.env</c> file in the working directory.</summary>
    /// <exception cref="SettingException">A value is wrong.</exception>
    public static EvolutionSettings FromEnvironment(bool sandbox)
    {
        var file = DotEnvFile.Read(".env");
        var environment = new EnvironmentReader(name => Environment.GetEnvironmentVariable(name) ?? file.GetValueOrDefault(name));
        return Read(environment, sandbox) with { WithoutEffect = UnsupportedSettings.AskedFor(environment) };
    }

    /// <param name="environment">Where the values come from.</param>
    /// <param name="sandbox">Whether the simulator runs inside: it switches metrics on and needs no address of WhatsApp.</param>
    /// <exception cref="SettingException">A value is wrong, or asks for what is not there.</exception>
    public static EvolutionSettings Read(EnvironmentReader environment, bool sandbox)
    {
        RefuseWhatIsMissing(environment);
        return new EvolutionSettings
        {
            Server = ReadServer(environment),
            Cors = new CorsOptions(
                environment.List("CORS_ORIGIN", "*"),
                environment.List("CORS_METHODS", "POST", "GET", "PUT", "DELETE"),
                environment.Flag("CORS_CREDENTIALS", false)),
            Metrics = new MetricsOptions(
                environment.Flag("PROMETHEUS_METRICS", sandbox),
                environment.List("METRICS_ALLOWED_IPS"),
                environment.Flag("METRICS_AUTH_REQUIRED", false),
                environment.Text("METRICS_USER"),
                environment.Text("METRICS_PASSWORD")),
            Webhook = ReadWebhook(environment),
            Device = ReadDevice(environment),
            Saving = new SavingOptions(
                Messages: environment.Flag("DATABASE_SAVE_DATA_NEW_MESSAGE", true),
                MessageUpdates: environment.Flag("DATABASE_SAVE_MESSAGE_UPDATE", true),
                Contacts: environment.Flag("DATABASE_SAVE_DATA_CONTACTS", true),
                Chats: environment.Flag("DATABASE_SAVE_DATA_CHATS", true),
                History: environment.Flag("DATABASE_SAVE_DATA_HISTORIC", true),
                NumberLookupDays: environment.Flag("DATABASE_SAVE_IS_ON_WHATSAPP", true)
                    ? environment.Integer("DATABASE_SAVE_IS_ON_WHATSAPP_DAYS", 7, 0, 3650)
                    : 0)
            {
                DeletedMessages = environment.Flag("DATABASE_DELETE_MESSAGE", false),
            },
            Media = ReadMedia(environment),
            Sandbox = new SandboxOptions(environment.Integer("SANDBOX_PORT", 8085, 0, 65535)),
        };
    }

    private static void RefuseWhatIsMissing(EnvironmentReader environment)
    {
        if (environment.Text("DATABASE_PROVIDER") is { } provider and not "sqlite")
            throw new SettingException($"DATABASE_PROVIDER={provider} is not available yet: only sqlite is. Unset it to keep the data in DATA_DIR");
        // Never by a warning alone: the connections that were to be hidden would show where they come from.
        if (environment.Text("PROXY_HOST") is not null)
            throw new SettingException("PROXY_HOST is set and proxies are not available yet: instances would connect directly. Unset it to let them");
        if (environment.Text("SERVER_TYPE") is { } type and not "http")
            throw new SettingException($"SERVER_TYPE={type} is not available: put a proxy that speaks TLS in front, and leave it at http");
    }

    private static ServerOptions ReadServer(EnvironmentReader environment)
    {
        var key = environment.Text("AUTHENTICATION_API_KEY");
        if (key is not null && ApiKey.IsKnownDefault(key))
            throw new SettingException("AUTHENTICATION_API_KEY is a default that everybody knows: choose one of your own, or unset it to have one made");
        return new ServerOptions
        {
            Port = environment.Integer("SERVER_PORT", 8080, 0, 65535),
            BindAddress = environment.Text("SERVER_HOST") ?? "0.0.0.0",
            Url = environment.Text("SERVER_URL")?.TrimEnd('/'),
            ClientName = environment.Text("DATABASE_CONNECTION_CLIENT_NAME") ?? "evolution",
            DataFolder = environment.Text("DATA_DIR") ?? "data",
            ApiKey = key,
            ExposeTokenInEvents = environment.Flag("AUTHENTICATION_EXPOSE_IN_FETCH_INSTANCES", false),
            LogLevel = LevelOf(environment.List("LOG_LEVEL", "ERROR", "WARN", "INFO")),
        };
    }

    private static WebhookOptions ReadWebhook(EnvironmentReader environment)
    {
        var enabled = environment.Flag("WEBHOOK_GLOBAL_ENABLED", false);
        var url = environment.Address("WEBHOOK_GLOBAL_URL", Uri.UriSchemeHttp, Uri.UriSchemeHttps);
        if (enabled && url is null)
            throw new SettingException("WEBHOOK_GLOBAL_ENABLED=true needs WEBHOOK_GLOBAL_URL");
        return new WebhookOptions
        {
            GlobalUrl = enabled ? url : null,
            GlobalByEvents = environment.Flag("WEBHOOK_GLOBAL_WEBHOOK_BY_EVENTS", false),
            GlobalEvents = EventNames.Subscribable.Concat(EventNames.Ours).Where(name => environment.Flag(GlobalSwitchOf(name), false)).ToHashSet(StringComparer.Ordinal),
            StrictOrder = environment.Flag("WEBHOOK_STRICT_ORDER", false),
            GlobalSigningSecret = environment.Text("WEBHOOK_SIGNING_SECRET"),
            RequestTimeout = TimeSpan.FromMilliseconds(environment.Integer("WEBHOOK_REQUEST_TIMEOUT_MS", 30_000, 1, 600_000)),
            MaxAttempts = environment.Integer("WEBHOOK_RETRY_MAX_ATTEMPTS", 10, 1, 1000),
            InitialDelay = TimeSpan.FromSeconds(environment.Integer("WEBHOOK_RETRY_INITIAL_DELAY_SECONDS", 5, 1, 86_400)),
            ExponentialBackoff = environment.Flag("WEBHOOK_RETRY_USE_EXPONENTIAL_BACKOFF", true),
            MaxDelay = TimeSpan.FromSeconds(environment.Integer("WEBHOOK_RETRY_MAX_DELAY_SECONDS", 300, 1, 86_400)),
            JitterFactor = environment.Number("WEBHOOK_RETRY_JITTER_FACTOR", 0.2, 0, 1),
            NonRetryableStatusCodes = environment.List("WEBHOOK_RETRY_NON_RETRYABLE_STATUS_CODES", "400", "401", "403", "404", "422")
                .Select(code => int.TryParse(code, out var status) && status is >= 100 and <= 599
                    ? status
                    : throw new SettingException($"WEBHOOK_RETRY_NON_RETRYABLE_STATUS_CODES: {code} is not an HTTP status"))
                .ToHashSet(),
        };
    }

    private static DeviceOptions ReadDevice(EnvironmentReader environment)
    {
        var color = environment.Text("QRCODE_COLOR") ?? "#198754";
        if (!HexColor().IsMatch(color))
            throw new SettingException($"QRCODE_COLOR={color} is not valid: expected #rrggbb (quote it in a .env file, # starts a comment there)");
        return new DeviceOptions
        {
            Name = environment.Text("CONFIG_SESSION_PHONE_CLIENT") ?? "Evolution API",
            Browser = environment.Text("CONFIG_SESSION_PHONE_NAME") ?? "Chrome",
            WebVersion = environment.Text("CONFIG_SESSION_PHONE_VERSION") is not { } version ? null
                : WebVersionPattern().IsMatch(version) ? version
                : throw new SettingException($"CONFIG_SESSION_PHONE_VERSION={version} is not valid: expected three numbers, such as 2.3000.1027934701"),
            QrCodeLimit = environment.Integer("QRCODE_LIMIT", 30, 1, 10_000),
            QrCodeColor = color,
            DeleteUnpairedAfterMinutes = environment.Text("DEL_INSTANCE") is null or "true" or "false" ? null
                : environment.Integer("DEL_INSTANCE", 0, 0, 525_600) is > 0 and var minutes ? minutes : null,
            WebSocketUrl = environment.Address("WHATSAPP_WEB_URL", "wss", "ws"),
            MediaCaPem = ReadMediaCa(environment),
            NoiseRootKey = ReadNoiseRootKey(environment),
        };
    }

    // A method of its own: null and bytes in one conditional expression would make an empty key of null.
    private static ReadOnlyMemory<byte>? ReadNoiseRootKey(EnvironmentReader environment)
    {
        if (environment.Text("WHATSAPP_NOISE_ROOT_KEY") is not { } key)
            return null;
        return NoiseKey().IsMatch(key)
            ? Convert.FromHexString(key)
            : throw new SettingException("WHATSAPP_NOISE_ROOT_KEY is not valid: expected 64 hexadecimal digits");
    }

    private static string? ReadMediaCa(EnvironmentReader environment)
    {
        if (environment.Text("WHATSAPP_MEDIA_CA") is not { } file)
            return null;
        try
        {
            var pem = File.ReadAllText(file);
            using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem);
            return pem;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new SettingException($"WHATSAPP_MEDIA_CA={file} is not a readable PEM certificate: {e.Message}");
        }
    }

    private static MediaOptions ReadMedia(EnvironmentReader environment)
    {
        var ffmpeg = environment.Text("FFMPEG_PATH");
        if (ffmpeg is not null and not NoFfmpeg && !File.Exists(ffmpeg))
            throw new SettingException($"FFMPEG_PATH={ffmpeg} is not there: expected the path of the program ffmpeg, or {NoFfmpeg} to do without");
        return new MediaOptions(
            MaxBytes: environment.Integer("MEDIA_MAX_MEGABYTES", 2048, 1, 2048) * 1024L * 1024,
            FetchesFromPrivateAddresses: environment.Flag("MEDIA_ALLOW_PRIVATE_ADDRESSES", true))
        {
            S3 = ReadS3(environment),
            UsesFfmpeg = ffmpeg != NoFfmpeg,
            FfmpegPath = ffmpeg is null or NoFfmpeg ? null : Path.GetFullPath(ffmpeg),
        };
    }

    private static S3Options? ReadS3(EnvironmentReader environment)
    {
        var enabled = environment.Flag("S3_ENABLED", false);
        var host = environment.Text("S3_ENDPOINT");
        var port = environment.Integer("S3_PORT", 9000, 1, 65535);
        var scheme = environment.Flag("S3_USE_SSL", false) ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        var (accessKey, secretKey, bucket) = (environment.Text("S3_ACCESS_KEY"), environment.Text("S3_SECRET_KEY"), environment.Text("S3_BUCKET"));
        var region = environment.Text("S3_REGION") ?? "us-east-1";
        var savesVideo = environment.Flag("S3_SAVE_VIDEO", false);
        if (!enabled)
            return null;
        if (host is null || accessKey is null || secretKey is null || bucket is null)
            throw new SettingException("S3_ENABLED=true needs S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY and S3_BUCKET");
        return Uri.CheckHostName(host) != UriHostNameType.Unknown
            ? new S3Options(new UriBuilder(scheme, host, port).Uri, bucket, region, accessKey, secretKey) { SavesVideo = savesVideo }
            : throw new SettingException($"S3_ENDPOINT={host} is not valid: expected a host alone, such as minio.example; its port belongs into S3_PORT");
    }

    // Evolution reads the switch of group changes under the event's own name.
    private static string GlobalSwitchOf(string subscription) =>
        "WEBHOOK_EVENTS_" + (subscription == "GROUP_UPDATE" ? "GROUPS_UPDATE" : subscription);

    private static LogLevel LevelOf(IReadOnlyList<string> names)
    {
        var lowest = LogLevel.None;
        foreach (var name in names)
        {
            var level = name switch
            {
                "ERROR" => LogLevel.Error,
                "WARN" => LogLevel.Warning,
                "INFO" or "LOG" => LogLevel.Information,
                "DEBUG" or "VERBOSE" => LogLevel.Debug,
                "DARK" or "WEBHOOKS" or "WEBSOCKET" => LogLevel.None,
                _ => throw new SettingException($"LOG_LEVEL: {name} is not a level; there are ERROR, WARN, INFO, LOG, DEBUG and VERBOSE"),
            };
            lowest = level < lowest ? level : lowest;
        }

        return lowest;
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HexColor();

    [GeneratedRegex(@"^\d+\.\d+\.\d+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WebVersionPattern();

    [GeneratedRegex("^[0-9a-fA-F]{64}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoiseKey();
}
