using Evolution.Protocol.Nodes;
using Evolution.Simulator.Relay;
using Evolution.Simulator.Server;
using Evolution.Simulator.Tests.ControlApi;
using Evolution.Simulator.Tests.Faults;

namespace Evolution.Simulator.Tests.Relay;

public sealed class AckLedgerTests
{
    private static readonly DateTimeOffset s_then = DateTimeOffset.UnixEpoch;
    private readonly AckLedger _ledger = new();

    [Fact]
    public void Each_delivery_is_answered_once_by_receipt_or_ack()
    {
        _ledger.Sent(Message("A"), s_then);
        _ledger.Sent(Message("B"), s_then);

        Assert.Empty(_ledger.Received(Receipt("A", null)));
        Assert.Empty(_ledger.Received(Ack("message", "B", "1@lid", "text")));
        Assert.Equal(["A"], _ledger.Received(Ack("message", "A", "1@lid", "text")));
        Assert.Equal(["B"], _ledger.Received(Receipt("B", "inactive")));
        Assert.Empty(_ledger.OpenSince(s_then.AddSeconds(1)));
    }

    [Fact]
    public void What_is_delivered_twice_is_answered_twice()
    {
        _ledger.Sent(Message("A"), s_then);
        _ledger.Sent(Message("A"), s_then);

        Assert.Empty(_ledger.Received(Receipt("A", null)));
        Assert.Empty(_ledger.Received(Receipt("A", null)));
        Assert.Single(_ledger.Received(Receipt("A", null)));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("retry")]
    [InlineData("hist_sync")]
    public void What_becomes_of_a_message_later_is_no_answer(string type)
    {
        _ledger.Sent(Message("A"), s_then);

        Assert.Empty(_ledger.Received(Receipt("A", type)));

        Assert.Single(_ledger.OpenSince(s_then.AddSeconds(1)));
        Assert.Empty(_ledger.OpenSince(s_then));
    }

    [Fact]
    public void A_receipt_is_answered_by_an_ack_of_its_own_type()
    {
        _ledger.Sent(new Node("receipt", new NodeAttributes { { "id", "A" }, { "from", "1@lid" }, { "type", "read" } }), s_then);

        Assert.Empty(_ledger.Received(Ack("receipt", "A", "1@lid", null)));
        Assert.Single(_ledger.OpenSince(s_then.AddSeconds(1)));
        Assert.Empty(_ledger.Received(Ack("receipt", "A", "1@lid", "read")));
        Assert.Empty(_ledger.OpenSince(s_then.AddSeconds(1)));
    }

    [Fact]
    public async Task A_client_that_confirms_twice_is_a_violation()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        await simulator.World.CreatePhoneAsync("5511999990001");
        var other = await simulator.World.CreatePhoneAsync("5511999990002");
        await using var companion = await Companion.LinkAsync(simulator.Host, api, "5511999990001");
        simulator.World.Interceptor = new EveryReceiptTwice();

        var id = await other.SendTextAsync("5511999990001", "confirm me");
        await other.WaitForMessageAsync(message => message.Id == id && message.Receipts.Delivered is not null, ct: TestContext.Current.CancellationToken);
        await companion.Client.Messages.SendAsync(other.Jid, new Proto.Message { Conversation = "later" }, null, TestContext.Current.CancellationToken);
        await other.WaitForMessageAsync(message => message.Text == "later", ct: TestContext.Current.CancellationToken);

        Assert.Contains(simulator.World.Violations.Snapshot(), violation => violation.Code == "acked-twice" && violation.StanzaId == id);
    }

    [Fact]
    public async Task A_client_that_logs_out_without_having_answered_is_a_violation()
    {
        var time = new LaterTime();
        await using var simulator = await TestSimulator.StartAsync(time);
        using var api = new ControlClient(simulator.Host);
        await simulator.World.CreatePhoneAsync("5511999990001");
        var other = await simulator.World.CreatePhoneAsync("5511999990002");
        await using var companion = await Companion.LinkAsync(simulator.Host, api, "5511999990001");
        simulator.World.Interceptor = new NoReceipts();
        var id = await other.SendTextAsync("5511999990001", "confirm me");
        await companion.MessageAsync(id);

        time.Later = TimeSpan.FromMinutes(1);
        await companion.Client.LogoutAsync(TestContext.Current.CancellationToken);

        // What the phone tells its own companion may have stayed without its receipt as well.
        Assert.Contains(
            simulator.World.Violations.Snapshot(),
            violation => violation.Code == "never-acked" && violation.Message.Contains(id, StringComparison.Ordinal));
    }

    private static Node Message(string id) => new("message", new NodeAttributes { { "id", id }, { "from", "1@lid" }, { "type", "text" } });

    private static Node Receipt(string id, string? type) => new("receipt", new NodeAttributes { { "id", id }, { "to", "1@lid" }, { "type", type } });

    private static Node Ack(string tag, string id, string to, string? type) =>
        new("ack", new NodeAttributes { { "class", tag }, { "id", id }, { "to", to }, { "type", type } });

    private sealed class EveryReceiptTwice : IStanzaInterceptor
    {
        public ValueTask<IReadOnlyList<Node>> InterceptAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct) =>
            ValueTask.FromResult<IReadOnlyList<Node>>(direction == StanzaDirection.In && node.Tag == "receipt" ? [node, node] : [node]);
    }

    private sealed class NoReceipts : IStanzaInterceptor
    {
        public ValueTask<IReadOnlyList<Node>> InterceptAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct) =>
            ValueTask.FromResult<IReadOnlyList<Node>>(direction == StanzaDirection.In && node.Tag == "receipt" ? [] : [node]);
    }

    /// <summary>The time of day, moved on; timers run as ever.</summary>
    private sealed class LaterTime : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Later;
    }
}
