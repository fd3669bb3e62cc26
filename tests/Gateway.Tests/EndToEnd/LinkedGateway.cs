using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator;
using Evolution.Simulator.Phones;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A simulator, a webhook receiver and a gateway whose instance <c>sales</c> is linked to a phone; another phone stands beside it.</summary>
internal sealed class LinkedGateway : IAsyncDisposable
{
    public const string OwnNumber = "5511999990001";
    public const string OtherNumber = "5511999990002";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");

    private LinkedGateway()
    {
    }

    public SimulatorHost Simulator { get; private set; } = null!;

    public WebhookReceiver Receiver { get; private set; } = null!;

    public RunningGateway Gateway { get; private set; } = null!;

    /// <summary>The phone that the instance is linked to.</summary>
    public Phone Own { get; private set; } = null!;

    /// <summary>Somebody else's phone.</summary>
    public Phone Other { get; private set; } = null!;

    public static string OtherJid => $"{OtherNumber}@s.whatsapp.net";

    public static Task<LinkedGateway> StartAsync(CancellationToken cancellationToken, params (string Name, string Value)[] settings) =>
        StartAsync(NullLoggerFactory.Instance, cancellationToken, settings);

    /// <param name="loggers">Where the gateway logs.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="settings">Environment variables beside the usual ones.</param>
    public static async Task<LinkedGateway> StartAsync(ILoggerFactory loggers, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var linked = new LinkedGateway();
        linked.Simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(linked._folder, "simulator") }, cancellationToken);
        linked.Receiver = await WebhookReceiver.StartAsync(cancellationToken);
        linked.Gateway = await RunningGateway.StartAsync(linked.Simulator, Path.Combine(linked._folder, "gateway"), loggers, TimeProvider.System, cancellationToken, settings);
        linked.Own = await linked.Simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        linked.Other = await linked.Simulator.World.CreatePhoneAsync(OtherNumber, "Bob");
        var created = await linked.Gateway.PostAsync(
            "/instance/create",
            new
            {
                instanceName = "sales",
                integration = "WHATSAPP-BAILEYS",
                qrcode = true,
                webhook = new { enabled = true, url = linked.Receiver.Url.ToString(), events = Array.Empty<string>() },
            },
            cancellationToken);
        await linked.Own.ScanAsync((string)created["qrcode"]!["code"]!, ct: cancellationToken);
        await linked.Receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", cancellationToken);
        return linked;
    }

    /// <summary>Subscribes the webhook to these events, by their subscription names; none means Evolution's.</summary>
    public Task SubscribeAsync(CancellationToken cancellationToken, bool base64 = false, params string[] events) => Gateway.PostAsync(
        "/webhook/set/sales", new { webhook = new { enabled = true, url = Receiver.Url.ToString(), events, base64 } }, cancellationToken);

    /// <summary>Asks something of the simulator's control API; its answer, if it has one.</summary>
    public async Task<JsonNode?> ControlAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Simulator.ControlUrl };
        using var answer = await http.PostAsJsonAsync(path, body, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Receiver.DisposeAsync();
        await Simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
