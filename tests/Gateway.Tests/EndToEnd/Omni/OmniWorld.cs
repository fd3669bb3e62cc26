using System.Text.Json.Nodes;
using Evolution.Simulator;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>A gateway set up for Omni, and Omni: it makes instances, shows their codes and has a webhook. Phones stand around.</summary>
internal sealed class OmniWorld : IAsyncDisposable
{
    public const string Instance = "whatsapp-main";
    public const string OwnNumber = "5511999990001";
    public const string OtherNumber = "5511999990002";
    public const string GlobalKey = "sk-omni-0123456789abcdef";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");

    private OmniWorld()
    {
    }

    public SimulatorHost Simulator { get; private set; } = null!;

    public RunningGateway Gateway { get; private set; } = null!;

    /// <summary>Omni's webhook.</summary>
    public WebhookReceiver Webhook { get; private set; } = null!;

    /// <summary>What the tests themselves listen to: the global webhook.</summary>
    public WebhookReceiver Ears { get; private set; } = null!;

    /// <summary>With the global key.</summary>
    public OmniClient Omni { get; private set; } = null!;

    /// <summary>The token that create gave: what Omni sends with.</summary>
    public string Token { get; private set; } = null!;

    /// <summary>With the instance's token.</summary>
    public OmniClient Sender { get; private set; } = null!;

    public Phone Own { get; private set; } = null!;

    public Phone Other { get; private set; } = null!;

    public static string To(string route) => $"{route}/{Uri.EscapeDataString(Instance)}";

    public static async Task<OmniWorld> StartAsync(CancellationToken cancellationToken, PastSpec? past = null)
    {
        var world = new OmniWorld();
        world.Simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(world._folder, "simulator") }, cancellationToken);
        world.Webhook = await WebhookReceiver.StartAsync(cancellationToken);
        world.Ears = await WebhookReceiver.StartAsync(cancellationToken);
        world.Gateway = await RunningGateway.StartAsync(
            world.Simulator, Path.Combine(world._folder, "gateway"), cancellationToken,
            ("AUTHENTICATION_API_KEY", GlobalKey), ("AUTHENTICATION_EXPOSE_IN_FETCH_INSTANCES", "true"), ("SERVER_URL", "http://localhost:18082/"), ("NODE_ENV", "production"),
            ("WEBHOOK_GLOBAL_ENABLED", "true"), ("WEBHOOK_GLOBAL_URL", world.Ears.Url.ToString()),
            ("WEBHOOK_EVENTS_CONNECTION_UPDATE", "true"), ("WEBHOOK_EVENTS_MESSAGES_SET", "true"), ("WEBHOOK_EVENTS_SEND_MESSAGE", "true"));
        world.Omni = new OmniClient(world.Gateway.Http.BaseAddress!, GlobalKey);
        world.Own = await world.Simulator.World.CreatePhoneAsync(OwnNumber, "Alice", past: past);
        world.Other = await world.Simulator.World.CreatePhoneAsync(OtherNumber, "Bob");
        return world;
    }

    /// <summary>Makes the instance as Omni does: looks whether it is there, creates it, and sets settings and webhook once more.</summary>
    public async Task<JsonNode> CreateAsync(CancellationToken cancellationToken)
    {
        Assert.Empty((await Omni.GetAsync("/instance/fetchInstances", cancellationToken)).AsArray());
        var created = await CreateAsync(Omni, Instance, Webhook.Url, cancellationToken);
        Token = (string)created["hash"]!;
        Sender = new OmniClient(Gateway.Http.BaseAddress!, Token);
        return created;
    }

    public static async Task<JsonNode> CreateAsync(OmniClient omni, string instance, Uri webhook, CancellationToken cancellationToken)
    {
        var created = await omni.PostAsync(
            "/instance/create",
            $$"""
            {"instanceName": "{{instance}}", "integration": "WHATSAPP-BAILEYS", "qrcode": true, "rejectCall": false, "groupsIgnore": false, "alwaysOnline": false,
             "readMessages": true, "readStatus": true, "syncFullHistory": false,
             "webhook": {"enabled": true, "url": "{{webhook}}", "events": ["MESSAGES_UPSERT"], "base64": true, "byEvents": false} }
            """,
            cancellationToken);
        await omni.PostAsync($"/settings/set/{instance}", OmniClient.SettingsBody, cancellationToken);
        await omni.PostAsync($"/webhook/set/{instance}", OmniClient.WebhookBody(webhook), cancellationToken);
        return created;
    }

    /// <summary>One request for a QR code as Omni's page makes it every five seconds: state, restart, connect.</summary>
    public async Task<JsonNode> QrCodeAsync(string instance, CancellationToken cancellationToken)
    {
        await Omni.GetAsync($"/instance/connectionState/{instance}", cancellationToken);
        var restart = await Assert.ThrowsAsync<OmniException>(() => Omni.PutAsync($"/instance/restart/{instance}", cancellationToken));
        // Its way to see that there is no such thing, and to go on.
        Assert.Contains("404", restart.Message, StringComparison.Ordinal);
        return await Omni.GetAsync($"/instance/connect/{instance}", cancellationToken);
    }

    public async Task LinkAsync(CancellationToken cancellationToken)
    {
        await CreateAsync(cancellationToken);
        await LinkAsync(Instance, Own, cancellationToken);
    }

    public async Task LinkAsync(string instance, Phone phone, CancellationToken cancellationToken)
    {
        await phone.ScanAsync((string)(await QrCodeAsync(instance, cancellationToken))["code"]!, ct: cancellationToken);
        await Ears.WaitForAsync(e => IsOpen(e, instance), 0, cancellationToken);
    }

    /// <summary>Whether it tells that the instance is open.</summary>
    public static bool IsOpen(JsonObject e, string instance = Instance) =>
        (string?)e["event"] == "connection.update" && (string?)e["instance"] == instance && (string?)e["data"]!["state"] == "open";

    /// <summary>What Omni makes of the message with this id.</summary>
    public async Task<OmniMessage> ReadAsync(string id, CancellationToken cancellationToken) =>
        OmniMessage.Read(await Webhook.WaitForAsync(e => (string?)e["data"]!["key"]!["id"] == id, 0, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        Omni.Dispose();
        Sender?.Dispose();
        await Gateway.DisposeAsync();
        await Webhook.DisposeAsync();
        await Ears.DisposeAsync();
        await Simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
