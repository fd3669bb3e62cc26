using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Client.Messages.Sending;
using Evolution.Client.Stores;
using Evolution.Client.Tests.Messages;
using Evolution.Protocol.Jids;
using Evolution.Simulator;
using Evolution.Simulator.Phones;
using Xunit;

namespace Evolution.Client.Tests.Groups;

/// <summary>Groups and statuses of a paired device, over the simulator's server, with phones and companions as the other members.</summary>
public sealed class GroupScenarioTests : IAsyncLifetime
{
    private const string Bob = "5511999990001";
    private const string Alice = "5511999990002";
    private const string Carol = "5511999990003";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evolution-groups-");
    private readonly List<TestDevice> devices = [];
    private SimulatorHost simulator = null!;
    private TestDevice device = null!;
    private Phone bob = null!;
    private Phone alice = null!;
    private Phone carol = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = folder.FullName }, Ct);
        bob = await simulator.World.CreatePhoneAsync(Bob, "Bob");
        alice = await simulator.World.CreatePhoneAsync(Alice, "Alice");
        carol = await simulator.World.CreatePhoneAsync(Carol, "Carol");
        device = await PairAsync(bob);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var each in devices)
            await each.DisposeAsync();
        await simulator.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_goes_to_every_member_and_each_receipt_names_its_reader(bool byLid)
    {
        var group = await GroupAsync(byLid);

        var info = await SendAsync(group, "hello all");
        var next = await SendAsync(group, "and again");

        foreach (var reader in new[] { alice, carol, bob })
        {
            Assert.Equal("hello all", (await ArrivedAsync(reader, info.Id)).Text);
            Assert.Equal("and again", (await ArrivedAsync(reader, next.Id)).Text);
            Assert.Equal(0, reader.Undecryptable);
        }

        Assert.Equal((byLid ? "lid" : "pn", byLid ? bob.Lid : bob.Jid), (info.AddressingMode, info.Sender));
        await StatusAsync(info.Id, MessageStatus.ServerAck);
        await alice.ReadAsync(group.ToString(), [info.Id]);
        var read = await StatusAsync(info.Id, MessageStatus.Read);
        Assert.Equal((group, (Jid?)(byLid ? alice.Lid : alice.Jid)), (read.Chat, read.Participant));
        NoViolations();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_members_text_comes_in_with_its_author(bool byLid)
    {
        var group = await GroupAsync(byLid);

        foreach (var text in new[] { "first", "second" })
        {
            var received = await ReceivedAsync(await alice.SendTextAsync(group.ToString(), text));
            Assert.Equal(text, received.Content.Conversation);
            Assert.Equal((group, byLid ? alice.Lid : alice.Jid, alice.Lid), (received.Info.Chat, received.Info.Sender, received.Info.CanonicalSender));
        }

        var own = await ReceivedAsync(await bob.SendTextAsync(group.ToString(), "from my phone"));
        Assert.True(own.Info.FromMe);
        NoViolations();
    }

    [Fact]
    public async Task The_sender_key_travels_once_and_again_only_to_a_device_that_was_linked_later()
    {
        var group = await GroupAsync();
        await SendAsync(group, "first");
        Assert.Equal([alice.Lid, bob.Lid, carol.Lid], await HoldersAsync(group));

        var companion = await PairAsync(alice);
        await device.EventAsync<DevicesChanged>(Ct);
        var info = await SendAsync(group, "for the new device too");

        Assert.Equal("for the new device too", (await companion.MessageAsync(info.Id, Ct)).Content.ExtendedTextMessage.Text);
        Assert.Contains(alice.Lid.WithDevice(1), await HoldersAsync(group));
        Assert.Equal(0, alice.Undecryptable);
        NoViolations();
    }

    [Fact]
    public async Task A_removed_member_cannot_read_the_next_message_even_if_it_gets_hold_of_it()
    {
        var group = await GroupAsync();
        await ArrivedAsync(carol, (await SendAsync(group, "with Carol")).Id);
        var before = await KeyAsync(group);

        await simulator.World.ChangeGroupAsync(group, "remove", Carol);
        await device.EventAsync<GroupParticipantsChanged>(Ct, e => e is { Action: "remove", Participants: [var gone] } && gone.Jid == carol.Lid);
        var info = await SendAsync(group, "without Carol");

        Assert.Equal("without Carol", (await ArrivedAsync(alice, info.Id)).Text);
        Assert.Equal([alice.Lid, bob.Lid], await HoldersAsync(group));
        Assert.NotEqual(before, await KeyAsync(group));
        Assert.Null(carol.FindMessage(info.Id));
        NoViolations();
    }

    [Fact]
    public async Task A_removed_device_of_a_member_makes_a_new_key_too()
    {
        var group = await GroupAsync();
        var companion = await PairAsync(alice);
        await SendAsync(group, "first");
        await companion.EventAsync<MessageReceived>(Ct);
        var before = await KeyAsync(group);

        await alice.RemoveDeviceAsync(1);
        await companion.EventAsync<LoggedOut>(Ct);
        await UntilAsync(async () => (await device.Store.LoadDeviceListsAsync([alice.Lid], Ct)).GetValueOrDefault(alice.Lid) is null or { Devices.Count: 1 });
        await SendAsync(group, "second");

        Assert.NotEqual(before, await KeyAsync(group));
        NoViolations();
    }

    [Fact]
    public async Task A_member_with_a_new_phone_is_given_the_key_again()
    {
        var group = await GroupAsync();
        await ArrivedAsync(alice, (await SendAsync(group, "old phone")).Id);

        await alice.ReRegisterAsync();
        await device.EventAsync<IdentityChanged>(Ct);
        var info = await SendAsync(group, "new phone");

        Assert.Equal("new phone", (await ArrivedAsync(alice, info.Id)).Text);
        Assert.Equal(0, alice.Undecryptable);
        NoViolations();
    }

    [Fact]
    public async Task A_member_who_lost_our_key_asks_for_the_message_and_can_read_the_next()
    {
        var group = await GroupAsync();
        await ArrivedAsync(alice, (await SendAsync(group, "first")).Id);
        await alice.ForgetSenderKeyAsync(group, bob.Jid.WithDevice(device.Client.Device!.Value.Device));

        var lost = await SendAsync(group, "second");
        Assert.Equal("second", (await ArrivedAsync(alice, lost.Id)).Text);
        var next = await SendAsync(group, "third");

        Assert.Equal("third", (await ArrivedAsync(alice, next.Id)).Text);
        Assert.Equal(1, alice.Undecryptable);
        NoViolations();
    }

    [Fact]
    public async Task A_message_whose_key_we_lack_is_asked_for_also_over_a_restart_and_the_next_is_read()
    {
        var group = await GroupAsync();
        await ReceivedAsync(await alice.SendTextAsync(group.ToString(), "first"));
        await device.Client.StopAsync(Ct);
        var writes = new DeviceWriteSet();
        writes.SenderKeys[new SenderKeyName(group, alice.Lid.ToSignalAddress())] = null;
        await device.Store.CommitAsync(writes, Ct);
        await RestartAsync();

        var id = await alice.SendTextAsync(group.ToString(), "second");

        Assert.True((await device.EventAsync<MessageUndecryptable>(Ct, e => e.Info.Id == id)).Replaceable);
        Assert.Equal("second", (await ReceivedAsync(id)).Content.Conversation);
        Assert.Equal("third", (await ReceivedAsync(await alice.SendTextAsync(group.ToString(), "third"))).Content.Conversation);
        NoViolations();
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_key_and_uses_no_iteration_twice()
    {
        var group = await GroupAsync();
        await SendAsync(group, "before");
        var before = await KeyAsync(group);

        await RestartAsync();
        var info = await SendAsync(group, "after");

        Assert.Equal("after", (await ArrivedAsync(alice, info.Id)).Text);
        Assert.Equal(before, await KeyAsync(group));
        NoViolations();
    }

    [Fact]
    public async Task A_message_that_was_committed_but_never_left_leaves_after_the_restart_under_its_own_id()
    {
        var group = await GroupAsync();
        await ArrivedAsync(alice, (await SendAsync(group, "before")).Id);
        // The connection ends before the commit, so that the frame is lost as by a kill between the commit and the socket.
        device.OnEvent = (e, _) => e is MessageSending ? new ValueTask(device.Client.StopAsync(Ct)) : ValueTask.CompletedTask;
        var lost = await SendAsync(group, "in between");

        await RestartAsync();

        Assert.Equal("in between", (await ArrivedAsync(alice, lost.Id)).Text);
        Assert.Equal(0, alice.Undecryptable);
        NoViolations();
    }

    [Fact]
    public async Task Messages_at_the_same_time_use_one_key_and_all_arrive()
    {
        var group = await GroupAsync();

        var sent = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => SendAsync(group, $"text {n}")));

        for (var n = 0; n < sent.Length; n++)
            Assert.Equal($"text {n}", (await ArrivedAsync(alice, sent[n].Id)).Text);
        Assert.Equal((0, 0), (alice.Undecryptable, carol.Undecryptable));
        NoViolations();
    }

    [Fact]
    public async Task A_group_we_are_not_in_is_told_apart_and_nothing_is_stored()
    {
        var group = await simulator.World.CreateGroupAsync(Alice, "Without Bob", [Carol]);
        var sending = 0;
        device.OnEvent = (e, _) =>
        {
            sending += e is MessageSending ? 1 : 0;
            return ValueTask.CompletedTask;
        };

        Assert.Null(await device.Client.Groups.FindAsync(group, Ct));
        await Assert.ThrowsAsync<RecipientUnknownException>(() => SendAsync(group, "let me in"));
        Assert.Equal(0, sending);
        NoViolations();
    }

    [Fact]
    public async Task What_a_group_is_comes_from_memory_until_it_changes()
    {
        var group = await GroupAsync();
        await device.EventAsync<GroupJoined>(Ct, e => e.Group.Jid == group);
        var first = await device.Client.Groups.FindAsync(group, Ct);
        Assert.Equal(("Club", 3, true), (first!.Subject, first.Participants.Count, first.IsByLid));
        Assert.Same(first, await device.Client.Groups.FindAsync(group, Ct));

        await simulator.World.CreatePhoneAsync("5511999990004", "Dora");
        await simulator.World.ChangeGroupAsync(group, "add", "5511999990004");
        var added = await device.EventAsync<GroupParticipantsChanged>(Ct, e => e.Action == "add");

        Assert.Equal((alice.Lid, alice.Jid), (added.By, added.ByOther));
        Assert.Equal(4, (await device.Client.Groups.FindAsync(group, Ct))!.Participants.Count);
        NoViolations();
    }

    [Fact]
    public async Task A_status_reaches_its_readers_and_nobody_else()
    {
        var info = await device.Client.Messages.SendAsync(Jid.Status, MessagingBench.Text("on holiday"), new SendOptions { StatusReaders = [alice.Jid] }, Ct);

        var arrived = await ArrivedAsync(alice, info.Id);
        Assert.Equal(("on holiday", "status@broadcast", Bob), (arrived.Text, arrived.Chat, arrived.Sender));
        Assert.Equal("on holiday", (await ArrivedAsync(bob, info.Id)).Text);
        Assert.Null(carol.FindMessage(info.Id));
        await StatusAsync(info.Id, MessageStatus.ServerAck);

        var other = await device.Client.Messages.SendAsync(Jid.Status, MessagingBench.Text("for Carol"), new SendOptions { StatusReaders = [carol.Lid] }, Ct);
        Assert.Equal("for Carol", (await ArrivedAsync(carol, other.Id)).Text);
        Assert.Null(alice.FindMessage(other.Id));
        NoViolations();
    }

    [Fact]
    public async Task A_status_reader_who_is_named_by_both_addresses_gets_it_once()
    {
        await ReceivedAsync(await alice.SendTextAsync(Bob, "we know each other"));

        var info = await device.Client.Messages.SendAsync(Jid.Status, MessagingBench.Text("once"), new SendOptions { StatusReaders = [alice.Jid, alice.Lid] }, Ct);

        Assert.Equal("once", (await ArrivedAsync(alice, info.Id)).Text);
        Assert.Single(await KeysGivenAsync(info.Id), to => to.ToUser() == alice.Jid || to.ToUser() == alice.Lid);
        NoViolations();
    }

    [Fact]
    public async Task A_contacts_status_comes_in_with_its_author()
    {
        await ReceivedAsync(await alice.SendTextAsync(Bob, "we know each other"));

        var received = await ReceivedAsync(await alice.SendTextAsync("status", "sunny here"));

        Assert.Equal((Jid.Status, alice.Lid, "sunny here"), (received.Info.Chat, received.Info.CanonicalSender, received.Content.Conversation));
        NoViolations();
    }

    private Task<Jid> GroupAsync(bool byLid = true) => simulator.World.CreateGroupAsync(Alice, "Club", [Bob, Carol], byLid);

    private Task<MessageInfo> SendAsync(Jid group, string text) => device.Client.Messages.SendAsync(group, MessagingBench.Text(text), null, Ct);

    private static Task<PhoneMessage> ArrivedAsync(Phone phone, string id) => phone.WaitForMessageAsync(message => message.Id == id, ct: Ct);

    private Task<MessageReceived> ReceivedAsync(string id) => device.MessageAsync(id, Ct);

    private Task<MessageStatusChanged> StatusAsync(string id, MessageStatus status) =>
        device.StatusAsync(id, status, Ct);

    /// <summary>The devices that a stanza of ours gave the sender key, as the server saw them.</summary>
    private async Task<Jid[]> KeysGivenAsync(string id)
    {
        using var http = new HttpClient { BaseAddress = simulator.ControlUrl };
        var stanzas = await http.GetFromJsonAsync<JsonNode>($"/v1/clients/{Uri.EscapeDataString(device.Client.Device!.Value.ToString())}/stanzas?direction=in&tag=message", Ct);
        var message = stanzas!["stanzas"]!.AsArray().Select(entry => entry!["node"]!).Single(node => (string?)node["attrs"]!["id"] == id);
        var participants = message["content"]!.AsArray().Single(node => (string?)node!["tag"] == "participants")!;
        return [.. participants["content"]!.AsArray().Select(to => Jid.Parse((string)to!["attrs"]!["jid"]!))];
    }

    private async Task<Jid[]> HoldersAsync(Jid group) =>
        [.. (await device.Store.LoadSenderKeyRecipientsAsync(group, Ct)).Where(pair => pair.Value).Select(pair => pair.Key).OrderBy(jid => Name(jid), StringComparer.Ordinal)];

    private string Name(Jid jid) => new[] { alice, bob, carol }.Single(phone => phone.Lid == jid.ToUser()).Name + jid.Device;

    /// <summary>The id of our own sender key in a group.</summary>
    private async Task<string> KeyAsync(Jid group)
    {
        var record = await device.Store.LoadSenderKeyAsync(new SenderKeyName(group, device.Client.Lid!.Value.ToSignalAddress()), Ct);
        var distribution = Protocol.Signal.GroupCipher.DistributionOf(Protocol.Signal.SenderKeyRecord.Parse(record));
        return Proto.Signal.SenderKeyDistributionMessage.Parser.ParseFrom(distribution.AsSpan(1)).Id.ToString();
    }

    private async Task<TestDevice> PairAsync(Phone phone)
    {
        var paired = new TestDevice(simulator);
        devices.Add(paired);
        paired.Client.Start();
        await phone.ScanAsync((await paired.EventAsync<QrCodeIssued>(Ct)).Text, ct: Ct);
        await paired.StateAsync(ConnectionState.Open, Ct);
        return paired;
    }

    private async Task RestartAsync()
    {
        await device.DisposeAsync();
        device = new TestDevice(simulator, store: device.Store);
        devices.Add(device);
        device.Client.Start();
        await device.StateAsync(ConnectionState.Open, Ct);
    }

    private static async Task UntilAsync(Func<Task<bool>> fulfilled)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (!await fulfilled())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private void NoViolations() => Assert.Empty(simulator.World.Violations.Snapshot());
}
