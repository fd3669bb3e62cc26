using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Events.Webhook;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Instances;
using Evolution.Storage.Instances;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Api.Instances;

/// <summary><c>POST /instance/create</c>.</summary>
internal sealed class CreateInstance(InstanceLifecycle lifecycle, UnpairedInstances unpaired, IInstanceHosts hosts, ServerOptions server, DeviceOptions device)
{
    private const int MaxNameLength = 255;

    // Omni waits 30 s for the whole call; a first code takes about one.
    private static readonly TimeSpan FirstCodeLimit = TimeSpan.FromSeconds(5);

    private static readonly string[] Transports = ["websocket", "rabbitmq", "nats", "sqs"];

    public static Schema Body { get; } = CreateInstanceBody.Schema;

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var body = call.Body;
        var row = ReadRow(body);
        // Before anything is stored: what is refused leaves no instance behind.
        var pairingNumber = body.IsTrue("qrcode") ? PairingNumber.Of(row.Number) : null;
        var settings = ReadSettings(body);
        var webhookBody = body.ObjectOf("webhook");
        var webhook = webhookBody.ValueKind == JsonValueKind.Object ? WebhookBody.ReadNew(webhookBody) : null;
        Instance instance;
        try
        {
            instance = await lifecycle.CreateAsync(row, settings, webhook, call.Aborted);
        }
        catch (NameTakenException)
        {
            throw ApiException.Forbidden($"This name \"{row.Name}\" is already in use.");
        }

        unpaired.Watch(instance);
        var code = body.IsTrue("qrcode") ? await ConnectAsync(instance, pairingNumber, call.Aborted) : null;
        return ApiReply.Created(writer => WriteReply(writer, body, instance, code));
    }

    private async Task<QrCode> ConnectAsync(Instance instance, string? pairingNumber, CancellationToken cancellationToken)
    {
        var host = hosts.HostOf(instance);
        await host.ConnectAsync(pairingNumber, cancellationToken);
        await host.WaitForQrCodeAsync(FirstCodeLimit, cancellationToken);
        return host.QrCode;
    }

    private InstanceRow ReadRow(JsonElement body)
    {
        var name = body.TextOf("instanceName");
        if (string.IsNullOrEmpty(name))
            throw ApiException.Invalid([name is null ? "instance requires property \"instanceName\"" : "The \"instanceName\" cannot be empty"]);
        if (name.Length > MaxNameLength)
            throw ApiException.Invalid([$"instanceName does not meet maximum length of {MaxNameLength}"]);
        // No path can name it: web servers refuse the character.
        if (name.Contains('\0', StringComparison.Ordinal))
            throw ApiException.Invalid(["instanceName must not contain a null character"]);
        switch (body.TextOf("integration"))
        {
            case Integrations.WhatsAppWeb:
                break;
            case (Integrations.CloudApi or Integrations.Channel) and var known:
                throw ApiException.BadRequest($"Integration {known} is not available yet");
            default:
                throw ApiException.BadRequest("Invalid integration");
        }

        // Taking the instance and ignoring these would send its traffic where the client does not want it.
        if (HasAll(body, "proxyHost", "proxyPort", "proxyProtocol"))
            throw ApiException.BadRequest("Proxies are not available yet");
        if (HasAll(body, "chatwootAccountId", "chatwootToken", "chatwootUrl"))
            throw ApiException.BadRequest("Chatwoot is not enabled");
        return new InstanceRow
        {
            Id = Guid.NewGuid().ToString(),
            Name = name,
            Token = body.TextOf("token") is { Length: > 0 } token ? token : Guid.NewGuid().ToString().ToUpperInvariant(),
            Integration = Integrations.WhatsAppWeb,
            Number = body.TextOf("number") is { Length: > 0 } number ? number : null,
            BusinessId = body.TextOf("businessId"),
            ClientName = server.ClientName,
            ConnectionStatus = ConnectionStateNames.Of(ConnectionState.Close),
        };
    }

    private static bool HasAll(JsonElement body, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (string.IsNullOrEmpty(body.TextOf(name)))
                return false;
        }

        return true;
    }

    // Only a literal true counts.
    private static SettingsRow ReadSettings(JsonElement body) => new()
    {
        RejectCall = body.IsTrue("rejectCall"),
        MsgCall = body.TextOf("msgCall") ?? "",
        GroupsIgnore = body.IsTrue("groupsIgnore"),
        AlwaysOnline = body.IsTrue("alwaysOnline"),
        ReadMessages = body.IsTrue("readMessages"),
        ReadStatus = body.IsTrue("readStatus"),
        SyncFullHistory = body.IsTrue("syncFullHistory"),
        WavoipToken = body.TextOf("wavoipToken") ?? "",
    };

    private void WriteReply(Utf8JsonWriter writer, JsonElement body, Instance instance, QrCode? code)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("instance");
        writer.WriteString("instanceName", instance.Name);
        writer.WriteString("instanceId", instance.Id);
        writer.WriteString("integration", instance.Integration);
        writer.WriteNull("webhookWaBusiness");
        writer.WriteString("accessTokenWaBusiness", "");
        writer.WriteString("status", ConnectionStateNames.Of(code is null ? ConnectionState.Close : ConnectionState.Connecting));
        writer.WriteEndObject();
        writer.WriteString("hash", instance.Token);
        WriteWebhookEcho(writer, body.ObjectOf("webhook"));
        foreach (var transport in Transports)
        {
            writer.WriteStartObject(transport);
            if (body.ObjectOf(transport).FlagOf("enabled") is { } enabled)
                writer.WriteBoolean("enabled", enabled);
            writer.WriteEndObject();
        }

        writer.WritePropertyName("settings");
        SettingsJson.Write(writer, instance.Settings);
        if (code is not null)
        {
            writer.WritePropertyName("qrcode");
            QrCodeReply.Write(writer, code, device.QrCodeColor);
        }

        writer.WriteEndObject();
    }

    private static void WriteWebhookEcho(Utf8JsonWriter writer, JsonElement webhook)
    {
        writer.WriteStartObject("webhook");
        foreach (var (shown, given) in WebhookBody.EchoedNames)
        {
            if (webhook.ValueKind == JsonValueKind.Object && webhook.TryGetProperty(given, out var value))
            {
                writer.WritePropertyName(shown);
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
