using System.Globalization;
using Evolution.Simulator;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Much that waits while the gateway is away.</summary>
[Trait("Part", "offline")]
public sealed class OfflineTests : IAsyncDisposable
{
    private const int Many = 10_000;
    private const long HeapGrowth = 9 << 20;
    private const string OwnNumber = "5511999990001";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-offline-{Guid.NewGuid():N}");
    private SimulatorHost _simulator = null!;
    private RestartableGateway _gateway = null!;
    private WebhookReceiver _receiver = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <param name="page">How many the server sends before it waits for acknowledgements; null is more than a lane holds.</param>
    /// <param name="oneConnection">Whether one connection is enough.</param>
    [Theory(Timeout = 5 * TestLimit.Ms)]
    [InlineData(100, true)]
    [InlineData(null, false)]
    public async Task Ten_thousand_waiting_messages_of_one_chat_arrive_in_order(int? page, bool oneConnection)
    {
        await LinkAndStopAsync(page);
        var bob = await _simulator.World.CreatePhoneAsync("5511999990002", "Bob");
        var sent = new List<string>(Many);
        for (var i = 0; i < Many; i++)
            sent.Add(await bob.SendTextAsync(OwnNumber, $"{i}"));
        var before = Opened();

        _gateway.Start();
        await DeliveredAsync(bob, sent[^1]);
        await _gateway.StopAsync(Ct);

        using var database = new DatabaseAudit(_gateway.DatabaseFile);
        Assert.Equal(sent, database.Messages().Select(row => row.Id));
        Assert.Equal(oneConnection, Opened() - before == 1);
        Assert.Empty(_simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = 5 * TestLimit.Ms)]
    public async Task Ten_thousand_chats_that_wait_leave_no_more_in_memory_than_a_quarter_of_them()
    {
        await LinkAndStopAsync(page: 100);
        var first = await WaitingChatsAsync("55118", Many / 4);
        _gateway.Start();
        foreach (var (phone, id) in first)
            await DeliveredAsync(phone, id);
        var few = await _gateway.HeapBytesAsync(Ct);
        Assert.Equal(0, await _gateway.StopAsync(Ct));

        var rest = await WaitingChatsAsync("55117", Many);
        _gateway.Start();
        foreach (var (phone, id) in rest)
            await DeliveredAsync(phone, id);
        var many = await _gateway.HeapBytesAsync(Ct);
        TestContext.Current.TestOutputHelper!.WriteLine($"heap {few / 1024} KiB after {first.Count} chats, {many / 1024} KiB after {rest.Count}");
        Assert.True(many < few + HeapGrowth, $"{many / 1024} KiB after {rest.Count} chats, {few / 1024} KiB after {first.Count}");
    }

    private async Task LinkAndStopAsync(int? page)
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator"), OfflinePage = page }, Ct);
        _gateway = new RestartableGateway(
            Path.Combine(_folder, "gateway"),
            _simulator,
            ("PROMETHEUS_METRICS", "true"),
            // Small nurseries are collected often, so that the last collection tells what lives.
            ("DOTNET_GCgen0size", "0x100000"));
        _receiver = await WebhookReceiver.StartAsync(Ct);
        var phone = await _simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        _gateway.Start();
        await _gateway.LinkAsync("sales", phone, _receiver.Url, ["CONNECTION_UPDATE"], Ct);
        await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
        // Offline, so that only the gateway's receipts say that something was delivered.
        await phone.GoOfflineAsync();
        Assert.Equal(0, await _gateway.StopAsync(Ct));
    }

    private async Task<List<(Phone Phone, string Id)>> WaitingChatsAsync(string prefix, int count)
    {
        var chats = new List<(Phone, string)>(count);
        for (var i = 0; i < count; i++)
        {
            var phone = await _simulator.World.CreatePhoneAsync(string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:00000000}"));
            chats.Add((phone, await phone.SendTextAsync(OwnNumber, "waiting")));
        }

        return chats;
    }

    private static async Task DeliveredAsync(Phone phone, string id)
    {
        var message = phone.FindMessage(id)!;
        await phone.WaitForMessageAsync(seen => seen.Id == id && seen.Receipts.Delivered is not null, Limit, message.Seq - 1, Ct);
    }

    private int Opened() => _receiver.Events.Count(e => (string?)e["data"]!["state"] == "open");
}
