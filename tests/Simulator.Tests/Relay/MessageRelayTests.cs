using Evolution.Proto.Signal;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Store;
using Google.Protobuf;

namespace Evolution.Simulator.Tests.Relay;

public sealed class MessageRelayTests
{
    private const string Alice = "5511999990001";
    private const string Bob = "5511999990002";

    [Fact]
    public async Task Two_ciphertexts_under_one_message_key_are_a_violation()
    {
        await using var simulator = await TwoPhonesAsync();
        await RelayAsync(simulator, "A1", counter: 7, "one");
        await RelayAsync(simulator, "A2", counter: 8, "two");
        Assert.DoesNotContain(simulator.World.Violations.Snapshot(), v => v.Code == "ratchet-key-reused");

        await RelayAsync(simulator, "A3", counter: 7, "three");

        Assert.Single(simulator.World.Violations.Snapshot(), v => v is { Code: "ratchet-key-reused", StanzaId: "A3" });
    }

    [Fact]
    public async Task A_reused_message_key_is_seen_over_a_restart()
    {
        await using var simulator = await TwoPhonesAsync();
        await RelayAsync(simulator, "A1", counter: 7, "one");
        await simulator.RestartAsync();

        await RelayAsync(simulator, "A2", counter: 7, "two");

        Assert.Single(simulator.World.Violations.Snapshot(), v => v.Code == "ratchet-key-reused");
    }

    [Fact]
    public async Task The_same_bytes_twice_are_no_reuse()
    {
        await using var simulator = await TwoPhonesAsync();
        await RelayAsync(simulator, "A1", counter: 7, "one");
        await RelayAsync(simulator, "A1", counter: 7, "one");
        Assert.DoesNotContain(simulator.World.Violations.Snapshot(), v => v.Code == "ratchet-key-reused");
    }

    [Fact]
    public async Task A_message_to_nobody_is_acknowledged_with_an_error()
    {
        await using var simulator = await TwoPhonesAsync();
        var ack = simulator.World.Messages.Relay(new Writes(), simulator.Phone(Alice).Device, Message("A1", "5511999990009@s.whatsapp.net", Enc(0, "x")));
        Assert.Equal("404", ack["error"]);
    }

    [Fact]
    public async Task A_blocked_sender_gets_an_ack_and_reaches_nobody()
    {
        await using var simulator = await TwoPhonesAsync();
        await simulator.World.Settings.SetBlockedAsync(simulator.Phone(Bob).Account, simulator.Phone(Alice).Account, blocked: true);
        var writes = new Writes();

        var ack = simulator.World.Messages.Relay(writes, simulator.Phone(Alice).Device, Message("A1", Bob + "@s.whatsapp.net", Enc(0, "x")));

        Assert.Null(ack["error"]);
        Assert.DoesNotContain(writes.Rows, row => row.Sql.StartsWith("INSERT INTO queue", StringComparison.Ordinal));
    }

    private static async Task<TestSimulator> TwoPhonesAsync()
    {
        var simulator = await TestSimulator.StartAsync();
        await simulator.World.CreatePhoneAsync(Alice);
        var bob = await simulator.World.CreatePhoneAsync(Bob);
        await bob.GoOfflineAsync();
        return simulator;
    }

    private static async Task RelayAsync(TestSimulator simulator, string id, uint counter, string body)
    {
        var writes = new Writes();
        simulator.World.Messages.Relay(writes, simulator.Phone(Alice).Device, Message(id, Bob + "@s.whatsapp.net", Enc(counter, body)));
        await simulator.World.Store.CommitAsync(writes);
    }

    private static Node Message(string id, string to, Node enc) => new("message", new NodeAttributes { { "id", id }, { "to", to }, { "type", "text" } },
        [new Node("participants", null, [new Node("to", new NodeAttributes { { "jid", to } }, [enc])])]);

    private static Node Enc(uint counter, string body)
    {
        var message = new SignalMessage
        {
            EphemeralKey = ByteString.CopyFrom([5, .. new byte[32]]),
            Counter = counter,
            PreviousCounter = 0,
            Ciphertext = ByteString.CopyFromUtf8(body),
        };
        return new Node("enc", new NodeAttributes { { "v", "2" }, { "type", "msg" } }, (byte[])[0x33, .. message.ToByteArray(), .. new byte[8]]);
    }
}
