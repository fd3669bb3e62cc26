using Evolution.Proto;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Tests.Phones;

public sealed class PhoneTests
{
    private const string Alice = "5511999990001";
    private const string Bob = "5511999990002";

    [Fact]
    public async Task A_text_reaches_the_other_phone_and_is_confirmed()
    {
        await using var simulator = await WithAliceAndBobAsync();
        var id = await simulator.Phone(Alice).SendTextAsync(Bob, "hello");

        var received = await simulator.Phone(Bob).WaitForMessageAsync(m => m.Id == id, ct: TestContext.Current.CancellationToken);
        var sent = await simulator.Phone(Alice).WaitForMessageAsync(m => m.Receipts.Delivered is not null, ct: TestContext.Current.CancellationToken);

        Assert.Equal("hello", received.Text);
        Assert.Equal(Alice, received.Sender);
        Assert.False(received.FromMe);
        Assert.Equal(id, sent.Id);
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_message_by_lid_belongs_to_the_same_chat()
    {
        await using var simulator = await WithAliceAndBobAsync();
        await simulator.Phone(Alice).SendTextAsync(Bob, "by number");
        var id = await simulator.Phone(Alice).SendTextAsync(simulator.Phone(Bob).Lid.ToString(), "by lid", new OutgoingMessage { ByLid = true });

        var received = await simulator.Phone(Bob).WaitForMessageAsync(m => m.Id == id, ct: TestContext.Current.CancellationToken);

        Assert.Equal(Alice, received.Chat);
        Assert.Equal(0, simulator.Phone(Bob).Undecryptable);
    }

    [Fact]
    public async Task Read_marks_the_sender_s_message()
    {
        await using var simulator = await WithAliceAndBobAsync();
        var id = await simulator.Phone(Alice).SendTextAsync(Bob, "read me");
        await simulator.Phone(Bob).WaitForMessageAsync(m => m.Id == id, ct: TestContext.Current.CancellationToken);

        await simulator.Phone(Bob).ReadAsync(Alice, [id]);

        await simulator.Phone(Alice).WaitForMessageAsync(m => m.Id == id && m.Receipts.Read is not null, ct: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Messages_to_an_offline_phone_survive_a_restart_and_arrive_in_order()
    {
        await using var simulator = await WithAliceAndBobAsync();
        await simulator.Phone(Alice).SendTextAsync(Bob, "first");
        await simulator.Phone(Bob).WaitForMessageAsync(m => m.Text == "first", ct: TestContext.Current.CancellationToken);
        await simulator.Phone(Bob).GoOfflineAsync();
        for (var i = 0; i < 30; i++)
            await simulator.Phone(Alice).SendTextAsync(Bob, $"offline {i}");

        await simulator.RestartAsync();
        Assert.False(simulator.Phone(Bob).Online);
        await simulator.Phone(Alice).SendTextAsync(Bob, "after the restart");
        await simulator.Phone(Bob).GoOnlineAsync();
        await simulator.Phone(Bob).WaitForMessageAsync(m => m.Text == "after the restart", ct: TestContext.Current.CancellationToken);

        string[] expected = ["first", .. Enumerable.Range(0, 30).Select(i => $"offline {i}"), "after the restart"];
        Assert.Equal(expected, simulator.Phone(Bob).MessagesAfter().Select(m => m.Text));
        Assert.Equal(0, simulator.Phone(Bob).Undecryptable);
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_forgotten_session_is_healed_by_a_retry()
    {
        await using var simulator = await WithAliceAndBobAsync();
        await simulator.Phone(Alice).SendTextAsync(Bob, "one");
        await simulator.Phone(Bob).WaitForMessageAsync(m => m.Text == "one", ct: TestContext.Current.CancellationToken);
        await simulator.Phone(Bob).SendTextAsync(Alice, "two");
        await simulator.Phone(Alice).WaitForMessageAsync(m => m.Text == "two", ct: TestContext.Current.CancellationToken);

        await simulator.Phone(Bob).ForgetSessionAsync(simulator.Phone(Alice).Jid);
        var id = await simulator.Phone(Alice).SendTextAsync(Bob, "three");
        await simulator.Phone(Bob).WaitForMessageAsync(m => m.Id == id, ct: TestContext.Current.CancellationToken);

        Assert.Equal(1, simulator.Phone(Bob).Undecryptable);
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_new_phone_under_the_old_number_writes_and_reads_again()
    {
        await using var simulator = await WithAliceAndBobAsync();
        await simulator.Phone(Alice).SendTextAsync(Bob, "old phone");
        await simulator.Phone(Bob).WaitForMessageAsync(m => m.Text == "old phone", ct: TestContext.Current.CancellationToken);
        var identity = simulator.Phone(Alice).Device.Identity.ToArray();

        await simulator.Phone(Alice).ReRegisterAsync();
        await simulator.RestartAsync();
        await simulator.Phone(Alice).SendTextAsync(Bob, "new phone");
        await simulator.Phone(Bob).WaitForMessageAsync(m => m.Text == "new phone", ct: TestContext.Current.CancellationToken);
        await simulator.Phone(Bob).SendTextAsync(Alice, "welcome back");
        await simulator.Phone(Alice).WaitForMessageAsync(m => m.Text == "welcome back", ct: TestContext.Current.CancellationToken);

        Assert.NotEqual(identity, simulator.Phone(Alice).Device.Identity.ToArray());
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_companion_s_request_is_understood_in_the_envelope_for_own_devices_too()
    {
        await using var simulator = await WithAliceAndBobAsync();
        var request = new Message { ProtocolMessage = new() { Type = Message.Types.ProtocolMessage.Types.Type.AppStateSyncKeyRequest } };
        var writes = new Writes();

        simulator.Phone(Alice).Peers.Answer(writes, simulator.Phone(Bob).Device, new Message { DeviceSentMessage = new() { Message = request } });

        Assert.Contains(writes.Rows, row => row.Sql.StartsWith("INSERT INTO queue", StringComparison.Ordinal));
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task The_root_key_stays_the_same_over_a_restart_and_a_reset()
    {
        await using var simulator = await WithAliceAndBobAsync();
        var root = simulator.Host.RootKey;
        await simulator.World.ResetAsync();
        Assert.Empty(simulator.World.Phones);

        await simulator.RestartAsync();

        Assert.Equal(root, simulator.Host.RootKey);
        Assert.Empty(simulator.World.Phones);
    }

    [Fact]
    public async Task A_second_simulator_on_the_same_folder_is_refused()
    {
        await using var simulator = await TestSimulator.StartAsync();
        await Assert.ThrowsAsync<IOException>(() =>
            SimulatorHost.StartAsync(new SimulatorOptions { DataDir = simulator.Folder }, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("+5511999990003")]
    [InlineData("55119999900031234")]
    [InlineData(Alice)]
    public async Task A_malformed_or_taken_number_is_refused(string number)
    {
        await using var simulator = await WithAliceAndBobAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => simulator.World.CreatePhoneAsync(number));
    }

    private static async Task<TestSimulator> WithAliceAndBobAsync()
    {
        var simulator = await TestSimulator.StartAsync();
        await simulator.World.CreatePhoneAsync(Alice, "Alice");
        await simulator.World.CreatePhoneAsync(Bob, "Bob");
        return simulator;
    }
}
