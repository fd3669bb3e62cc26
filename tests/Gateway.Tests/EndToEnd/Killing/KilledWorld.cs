using Evolution.Simulator;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>A gateway that is killed, its WhatsApp, its webhook, and the traffic both ways.</summary>
internal sealed class KilledWorld : IAsyncDisposable
{
    public const string OwnNumber = "5511999990001";
    private readonly string _folder;

    private KilledWorld(SimulatorHost simulator, string folder)
    {
        _folder = folder;
        Simulator = simulator;
        Gateway = new RestartableGateway(Path.Combine(folder, "gateway"), simulator);
        Log = new DeliveryLog(() => Gateway.Life);
    }

    public SimulatorHost Simulator { get; }

    public RestartableGateway Gateway { get; }

    /// <summary>What the webhook was given.</summary>
    public DeliveryLog Log { get; }

    /// <summary>What the API has accepted.</summary>
    public Progress Accepted { get; } = new();

    public Budget InboundBudget { get; } = new();

    public Budget OutboundBudget { get; } = new();

    private WebhookReceiver Receiver { get; set; } = null!;

    /// <summary>Starts the first life and links its instance.</summary>
    public static async Task<KilledWorld> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"evolution-kill-{Guid.NewGuid():N}");
        var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(folder, "simulator") }, cancellationToken);
        var world = new KilledWorld(simulator, folder);
        world.Receiver = await WebhookReceiver.StartAsync(cancellationToken, observe: world.Log.Add);
        var phone = await simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        world.Gateway.Start();
        await world.Gateway.LinkAsync(
            "sales", phone, world.Receiver.Url, ["MESSAGES_UPSERT", "MESSAGES_UPDATE", "SEND_MESSAGE", "CONNECTION_UPDATE"], cancellationToken);
        return world;
    }

    public Task<InboundChat> InboundAsync(string number, ChatKind kind) => InboundChat.CreateAsync(Simulator, number, kind, OwnNumber, InboundBudget);

    public Task<OutboundChat> OutboundAsync(string number, ChatKind kind) =>
        OutboundChat.CreateAsync(Simulator, Gateway, Log, number, kind, OwnNumber, OutboundBudget, Accepted);

    /// <summary>
    /// Takes what the budgets still allow, waits until everything that was taken has got to where it belongs, ends the gateway and compares what every
    /// side has.
    /// </summary>
    public async Task AssertNothingLostAsync(Task[] traffic, InboundChat[] inbound, OutboundChat[] outbound, CancellationToken cancellationToken)
    {
        InboundBudget.Close();
        OutboundBudget.Close();
        await Task.WhenAll(traffic).WaitAsync(cancellationToken);
        await Task.WhenAll(outbound.Select(chat => chat.EndAsync(cancellationToken)));
        foreach (var id in inbound.SelectMany(chat => chat.Sent))
            await Log.WaitAsync(() => Log.Has("messages.upsert", id), cancellationToken);
        foreach (var id in outbound.SelectMany(chat => chat.Accepted.Values))
            await Log.WaitAsync(() => Log.Has("send.message", id) && Log.Has("messages.update", id, "DELIVERY_ACK"), cancellationToken);
        Assert.Equal(0, await Gateway.StopAsync(cancellationToken));

        using var database = new DatabaseAudit(Gateway.DatabaseFile);
        new KillVerdict(Simulator, Log, database, inbound, outbound).AssertAll();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Receiver.DisposeAsync();
        await Simulator.DisposeAsync();
        InboundBudget.Dispose();
        OutboundBudget.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
