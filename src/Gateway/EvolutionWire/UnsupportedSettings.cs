namespace Evolution.Gateway.EvolutionWire;

/// <summary>
/// Evolution's variables for what does not exist here yet. Whoever sets one expects something of it, so the start names it; a value that asks for
/// nothing, such as <c>false</c> in a copied file, is no news.
/// </summary>
internal static class UnsupportedSettings
{
    // A switch stands for all variables that only count where it is on.
    private static readonly string[] Switches =
    [
        "DATABASE_SAVE_DATA_LABELS", "CACHE_REDIS_SAVE_INSTANCES", "PROVIDER_ENABLED", "WEBHOOK_EVENTS_ERRORS", "WEBSOCKET_ENABLED", "RABBITMQ_ENABLED",
        "NATS_ENABLED", "SQS_ENABLED", "PUSHER_ENABLED", "KAFKA_ENABLED", "TYPEBOT_ENABLED", "CHATWOOT_ENABLED", "OPENAI_ENABLED", "DIFY_ENABLED",
        "N8N_ENABLED", "EVOAI_ENABLED", "FLOWISE_ENABLED",
    ];

    private static readonly string[] Texts =
    [
        "DATABASE_CONNECTION_URI", "DATABASE_BOUNCER_CONNECTION_URI", "API_AUDIO_CONVERTER", "FACEBOOK_APP_ID", "FACEBOOK_CONFIG_ID",
        "FACEBOOK_USER_TOKEN", "SENTRY_DSN",
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<string> Names => [.. Switches, .. Texts];

    /// <summary>Those that ask for something.</summary>
    public static IReadOnlyList<string> AskedFor(EnvironmentReader environment) =>
        [.. Switches.Where(name => environment.Text(name) == "true"), .. Texts.Where(name => environment.Text(name) is not null)];
}
