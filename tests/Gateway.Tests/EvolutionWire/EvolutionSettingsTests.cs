using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Media;

namespace Evolution.Gateway.Tests.EvolutionWire;

public sealed class EvolutionSettingsTests
{
    [Fact]
    public void Nothing_set_keeps_everything_and_has_no_key()
    {
        var settings = Read();

        Assert.Equal(8080, settings.Server.Port);
        Assert.Null(settings.Server.ApiKey);
        Assert.True(settings.Saving is { Messages: true, MessageUpdates: true, Contacts: true, Chats: true, History: true, NumberLookupDays: 7 });
        Assert.Equal([400, 401, 403, 404, 422], settings.Webhook.NonRetryableStatusCodes.Order());
        Assert.False(settings.Metrics.Enabled);
        // The real WhatsApp, with the key that the client pins.
        Assert.Null(settings.Device.WebSocketUrl);
        Assert.Null(settings.Device.NoiseRootKey);
        Assert.Null(settings.Device.MediaCaPem);
    }

    [Theory]
    [InlineData("true", null)]
    [InlineData("false", null)]
    [InlineData("0", null)]
    [InlineData("5", 5)]
    public void Only_a_number_of_minutes_deletes_instances_that_nobody_links(string value, int? minutes) =>
        Assert.Equal(minutes, Read(("DEL_INSTANCE", value)).Device.DeleteUnpairedAfterMinutes);

    [Theory]
    [InlineData("SERVER_PORT", "abc")]
    [InlineData("SERVER_PORT", "65536")]
    [InlineData("CORS_CREDENTIALS", "1")]
    [InlineData("WEBHOOK_RETRY_JITTER_FACTOR", "2")]
    [InlineData("WEBHOOK_RETRY_NON_RETRYABLE_STATUS_CODES", "400,never")]
    [InlineData("WEBHOOK_GLOBAL_URL", "app.example")]
    [InlineData("WEBHOOK_GLOBAL_ENABLED", "true")]
    [InlineData("QRCODE_COLOR", "green")]
    [InlineData("WHATSAPP_NOISE_ROOT_KEY", "00")]
    [InlineData("WHATSAPP_WEB_URL", "https://web.whatsapp.com")]
    [InlineData("CONFIG_SESSION_PHONE_VERSION", "2.3000")]
    [InlineData("LOG_LEVEL", "LOUD")]
    [InlineData("DATABASE_PROVIDER", "postgresql")]
    [InlineData("SERVER_TYPE", "https")]
    [InlineData("PROXY_HOST", "proxy.example")]
    [InlineData("FFMPEG_PATH", "/no/such/ffmpeg")]
    [InlineData("S3_ENABLED", "true")]
    [InlineData("S3_PORT", "0")]
    [InlineData("S3_SAVE_VIDEO", "yes")]
    [InlineData("AUTHENTICATION_API_KEY", "BQYHJGJHJ")]
    public void A_wrong_value_is_refused_by_name_in_one_line(string name, string value)
    {
        var refused = Assert.Throws<SettingException>(() => Read((name, value)));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Ffmpeg_is_looked_for_named_or_done_without()
    {
        Assert.Equal((true, null), (Read().Media.UsesFfmpeg, Read().Media.FfmpegPath));
        Assert.Equal((true, "/bin/sh"), (Read(("FFMPEG_PATH", "/bin/sh")).Media.UsesFfmpeg, Read(("FFMPEG_PATH", "/bin/sh")).Media.FfmpegPath));
        Assert.Equal((false, null), (Read(("FFMPEG_PATH", "none")).Media.UsesFfmpeg, Read(("FFMPEG_PATH", "none")).Media.FfmpegPath));
    }

    [Theory]
    [InlineData("http://minio.example", "false", null)]
    [InlineData("minio.example:9000", "false", null)]
    [InlineData("minio.example", "false", "http://minio.example:9000/")]
    [InlineData("minio.example", "true", "https://minio.example:9000/")]
    public void The_endpoint_of_S3_is_a_host_alone(string host, string ssl, string? address)
    {
        MediaOptions Read() => EvolutionSettingsTests.Read(
            ("S3_ENABLED", "true"), ("S3_ENDPOINT", host), ("S3_USE_SSL", ssl), ("S3_ACCESS_KEY", "a"), ("S3_SECRET_KEY", "hidden"), ("S3_BUCKET", "b")).Media;

        if (address is null)
        {
            Assert.Contains("S3_ENDPOINT", Assert.Throws<SettingException>(Read).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal((address, "us-east-1"), (Read().S3!.Endpoint.AbsoluteUri, Read().S3!.Region));
        Assert.DoesNotContain("hidden", Read().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_switch_for_group_changes_has_the_name_of_the_event() =>
        Assert.Contains("GROUP_UPDATE", Read(("WEBHOOK_EVENTS_GROUPS_UPDATE", "true")).Webhook.GlobalEvents);

    [Fact]
    public void The_example_explains_exactly_what_is_read_and_its_values_are_the_defaults()
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var unset = EvolutionSettings.Read(new EnvironmentReader(name => Note(asked, name)), sandbox: false);
        var example = DotEnvFile.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, ".env.example")).Replace("\n#", "\n", StringComparison.Ordinal));
        var settings = example.Keys.Where(name => name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_')).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(asked.Order(StringComparer.Ordinal), settings.Order(StringComparer.Ordinal));
        string[] samples = ["SERVER_URL", "WEBHOOK_GLOBAL_URL", "WHATSAPP_WEB_URL", "DATA_DIR"];
        var set = EvolutionSettings.Read(new EnvironmentReader(name => samples.Contains(name) ? null : example.GetValueOrDefault(name)), sandbox: false);
        Assert.Equal(unset.Server, set.Server);
        Assert.Equal(unset.Device, set.Device);
        Assert.Equal(unset.Saving, set.Saving);
        Assert.Equal(unset.Media, set.Media);
        Assert.Equal(unset.Sandbox, set.Sandbox);
        Assert.Equal(unset.Webhook with { GlobalEvents = set.Webhook.GlobalEvents, NonRetryableStatusCodes = set.Webhook.NonRetryableStatusCodes }, set.Webhook);

        static string? Note(HashSet<string> asked, string name)
        {
            asked.Add(name);
            return null;
        }
    }

    [Theory]
    [InlineData("RABBITMQ_ENABLED", "true", true)]
    [InlineData("RABBITMQ_ENABLED", "false", false)]
    [InlineData("RABBITMQ_URI", "amqp://localhost", false)]
    [InlineData("SENTRY_DSN", "https://sentry.example/1", true)]
    [InlineData("SENTRY_DSN", "", false)]
    [InlineData("DATABASE_CONNECTION_URI", "postgresql://db.example/evolution", true)]
    [InlineData("SERVER_NAME", "evolution", false)]
    [InlineData("SERVER_PORT", "8080", false)]
    public void What_is_asked_for_in_vain_is_known(string name, string value, bool inVain) =>
        Assert.Equal(inVain ? [name] : [], UnsupportedSettings.AskedFor(new EnvironmentReader(asked => asked == name ? value : null)));

    [Fact]
    public void A_dotenv_file_may_have_comments_quotes_and_exports()
    {
        var values = DotEnvFile.Parse("# note\nexport A=1\nB='#198754' # green\nC=\"two\\nlines\"\nD= spaced  # rest\n\nE=\nnot a setting\n");

        Assert.Equal("1", values["A"]);
        Assert.Equal("#198754", values["B"]);
        Assert.Equal("two\nlines", values["C"]);
        Assert.Equal("spaced", values["D"]);
        Assert.Equal("", values["E"]);
        Assert.Equal(5, values.Count);
    }

    private static EvolutionSettings Read(params (string Name, string Value)[] values) => EvolutionSettings.Read(
        new EnvironmentReader(name => values.FirstOrDefault(value => value.Name == name).Value), sandbox: false);
}
