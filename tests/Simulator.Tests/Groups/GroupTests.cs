using Evolution.Proto.Signal;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Tests.Groups;

public sealed class GroupTests
{
    private const string Alice = "5511999990001";
    private const string Bob = "5511999990002";
    private const string Carol = "5511999990003";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_phones_text_reaches_every_member_and_is_confirmed(bool byLid)
    {
        await using var simulator = await PhonesAsync();
        var group = await simulator.World.CreateGroupAsync(Alice, "Club", [Bob, Carol], byLid);

        var id = await simulator.Phone(Alice).SendTextAsync(group.ToString(), "hello all");

        foreach (var reader in new[] { Bob, Carol })
        {
            var arrived = await ArrivedAsync(simulator, reader, id);
            Assert.Equal(("hello all", Alice, group.ToString()), (arrived.Text, arrived.Sender, arrived.Chat));
        }

        await UntilAsync(simulator.Phone(Alice), () => simulator.Phone(Alice).FindMessage(id)!.Receipts.Delivered is not null);
        await simulator.Phone(Bob).ReadAsync(group.ToString(), [id]);
        await UntilAsync(simulator.Phone(Alice), () => simulator.Phone(Alice).FindMessage(id)!.Receipts.Read is not null);
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task Keys_and_members_survive_a_restart()
    {
        await using var simulator = await PhonesAsync();
        var group = await simulator.World.CreateGroupAsync(Alice, "Club", [Bob, Carol]);
        await ArrivedAsync(simulator, Bob, await simulator.Phone(Alice).SendTextAsync(group.ToString(), "before"));

        await simulator.RestartAsync();

        var id = await simulator.Phone(Alice).SendTextAsync(group.ToString(), "after");
        Assert.Equal("after", (await ArrivedAsync(simulator, Bob, id)).Text);
        Assert.Equal(0, simulator.Phone(Bob).Undecryptable);
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_member_who_lost_the_sender_key_asks_for_the_message_and_reads_the_next_one()
    {
        await using var simulator = await PhonesAsync();
        var group = await simulator.World.CreateGroupAsync(Alice, "Club", [Bob, Carol]);
        await ArrivedAsync(simulator, Bob, await simulator.Phone(Alice).SendTextAsync(group.ToString(), "first"));
        await simulator.Phone(Bob).ForgetSenderKeyAsync(group, simulator.Phone(Alice).Jid);

        var lost = await simulator.Phone(Alice).SendTextAsync(group.ToString(), "second");
        Assert.Equal("second", (await ArrivedAsync(simulator, Bob, lost)).Text);
        var next = await simulator.Phone(Alice).SendTextAsync(group.ToString(), "third");

        Assert.Equal("third", (await ArrivedAsync(simulator, Bob, next)).Text);
        Assert.Equal(1, simulator.Phone(Bob).Undecryptable);
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task After_a_removal_the_phone_takes_a_new_key_and_the_removed_one_gets_nothing()
    {
        await using var simulator = await PhonesAsync();
        var group = await simulator.World.CreateGroupAsync(Alice, "Club", [Bob, Carol]);
        await ArrivedAsync(simulator, Carol, await simulator.Phone(Alice).SendTextAsync(group.ToString(), "with Carol"));
        var before = KeyIds(simulator);

        await simulator.World.ChangeGroupAsync(group, "remove", Carol);

        var id = await simulator.Phone(Alice).SendTextAsync(group.ToString(), "without Carol");
        Assert.Equal("without Carol", (await ArrivedAsync(simulator, Bob, id)).Text);
        Assert.Equal(before.Count + 1, KeyIds(simulator).Count);
        Assert.Null(simulator.Phone(Carol).FindMessage(id));
        await Assert.ThrowsAsync<InvalidOperationException>(() => simulator.Phone(Carol).SendTextAsync(group.ToString(), "me too"));
    }

    [Fact]
    public async Task A_status_reaches_the_contacts()
    {
        await using var simulator = await PhonesAsync();
        await ArrivedAsync(simulator, Bob, await simulator.Phone(Alice).SendTextAsync(Bob, "we know each other"));

        var id = await simulator.Phone(Alice).SendTextAsync("status", "on holiday");

        Assert.Equal("status@broadcast", (await ArrivedAsync(simulator, Bob, id)).Chat);
        Assert.Null(simulator.Phone(Carol).FindMessage(id));
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task Two_group_messages_under_one_iteration_are_a_violation_also_over_a_restart()
    {
        await using var simulator = await PhonesAsync();
        await simulator.Phone(Bob).GoOfflineAsync();
        var group = await simulator.World.CreateGroupAsync(Alice, "Club", [Bob]);
        await RelayAsync(simulator, group, "A1", "one");
        Assert.DoesNotContain(simulator.World.Violations.Snapshot(), v => v.Code == "sender-key-reused");
        await simulator.RestartAsync();

        await RelayAsync(simulator, group, "A2", "two");

        Assert.Single(simulator.World.Violations.Snapshot(), v => v is { Code: "sender-key-reused", StanzaId: "A2" });
    }

    [Theory]
    [InlineData("120363000000000000@g.us", null, "404")]
    [InlineData(null, "pn", "421")]
    public async Task A_group_message_to_nowhere_or_in_a_former_mode_is_refused(string? to, string? mode, string error)
    {
        await using var simulator = await PhonesAsync();
        var group = await simulator.World.CreateGroupAsync(Alice, "Club", [Bob]);

        var ack = simulator.World.Messages.Relay(new Writes(), simulator.Phone(Alice).Device, Message(to ?? group.ToString(), "A1", "x", mode));

        Assert.Equal(error, ack["error"]);
    }

    [Fact]
    public async Task Who_is_not_in_a_group_cannot_write_to_it()
    {
        await using var simulator = await PhonesAsync();
        var group = await simulator.World.CreateGroupAsync(Alice, "Club", [Bob]);

        var ack = simulator.World.Messages.Relay(new Writes(), simulator.Phone(Carol).Device, Message(group.ToString(), "A1", "x"));

        Assert.Equal("403", ack["error"]);
    }

    private static async Task<TestSimulator> PhonesAsync()
    {
        var simulator = await TestSimulator.StartAsync();
        foreach (var number in new[] { Alice, Bob, Carol })
            await simulator.World.CreatePhoneAsync(number);
        return simulator;
    }

    private static Task<PhoneMessage> ArrivedAsync(TestSimulator simulator, string reader, string id) =>
        simulator.Phone(reader).WaitForMessageAsync(message => message.Id == id, ct: TestContext.Current.CancellationToken);

    private static List<long> KeyIds(TestSimulator simulator) =>
        simulator.World.Store.Query("SELECT DISTINCT key_id FROM sender_key_uses WHERE pn = ?1", row => row.GetInt64(0), Alice);

    private static async Task UntilAsync(Phone phone, Func<bool> fulfilled)
    {
        while (true)
        {
            var changed = phone.NextChange();
            if (fulfilled())
                return;
            await changed.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
    }

    private static async Task RelayAsync(TestSimulator simulator, Jid group, string id, string body)
    {
        var writes = new Writes();
        simulator.World.Messages.Relay(writes, simulator.Phone(Alice).Device, Message(group.ToString(), id, body));
        await simulator.World.Store.CommitAsync(writes);
    }

    private static Node Message(string to, string id, string body, string? mode = null)
    {
        var message = new SenderKeyMessage { Id = 7, Iteration = 3, Ciphertext = Google.Protobuf.ByteString.CopyFromUtf8(body) };
        byte[] bytes = [0x33, .. Google.Protobuf.MessageExtensions.ToByteArray(message), .. new byte[64]];
        return new Node("message", new NodeAttributes { { "id", id }, { "to", to }, { "type", "text" }, { "addressing_mode", mode } },
            [new Node("enc", new NodeAttributes { { "v", "2" }, { "type", "skmsg" } }, bytes)]);
    }
}
