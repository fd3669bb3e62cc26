using Evolution.Client.Stores;
using Evolution.Client.Tests.Messages;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Xunit;

namespace Evolution.Client.Tests.Groups;

/// <summary>Groups as large as WhatsApp's classic ones, whose members' devices all really decrypt.</summary>
public sealed class LargeGroupTests
{
    private const int Members = 256;
    private static readonly Jid Group = Jid.Parse("120363000000000001@g.us");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Every_device_of_256_members_reads_two_messages_and_is_given_the_key_once(int devicesEach)
    {
        await using var device = await StartAsync(devicesEach);

        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("first"), null, Ct);
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("second"), null, Ct);

        Node[] sent = [.. device.Channel.SentWith("message")];
        Assert.Equal((Members - 1) * devicesEach, sent[0].Child("participants")!.Children.Count);
        Assert.Null(sent[1].Child("participants"));
        var keys = TakeKeys(device, sent[0]);
        Assert.Equal((Members - 1) * devicesEach, keys.Count);
        foreach (var jid in keys.Keys.ToArray())
        {
            Assert.Equal("first", Read(keys, jid, sent[0]));
            Assert.Equal("second", Read(keys, jid, sent[1]));
        }

        // Three requests for 256 people, one for each hundred devices without a session, and one for the group.
        Assert.Equal((3, (((Members - 1) * devicesEach) + 99) / 100, 1), (device.Asked("usync"), device.Asked("encrypt"), device.Asked("w:g2")));
    }

    [Fact]
    public async Task Of_256_members_only_those_that_remain_read_after_a_removal()
    {
        await using var device = await StartAsync(devicesEach: 1);
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("all"), null, Ct);
        var gone = Member(7);
        var keys = TakeKeys(device, device.Channel.SentWith("message").Single());

        device.Groups[Group].Remove(gone);
        await device.ReceiveAsync(Notification("remove", gone));
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("rest"), null, Ct);

        var sent = device.Channel.SentWith("message").Last();
        Assert.Equal(Members - 2, sent.Child("participants")!.Children.Count);
        Assert.Equal(SignalError.NoSenderKey, Assert.Throws<SignalException>(() => Read(keys, gone, sent)).Error);
        foreach (var (jid, key) in TakeKeys(device, sent))
            keys[jid] = key;
        Assert.Equal("rest", Read(keys, Member(8), sent));
    }

    [Fact]
    public async Task A_different_count_of_devices_at_the_server_makes_the_next_message_ask_again()
    {
        await using var device = await StartAsync(devicesEach: 1, members: 3);
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("first"), null, Ct);
        device.AddPeer(Member(1).WithDevice(5));
        var id = device.Channel.SentWith("message").Single()["id"];

        await device.ReceiveAsync(Ack(id, ("phash", "2:AAAAAAAA")));
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("second"), null, Ct);

        var sent = device.Channel.SentWith("message").Last();
        Assert.Equal([Member(1).WithDevice(5)], sent.Child("participants")!.Children.Select(copy => copy.JidOf("jid")!.Value));
        Assert.Equal((MessageStatus.ServerAck, 2), (device.Single<MessageStatusChanged>().Status, device.Asked("w:g2")));
    }

    [Fact]
    public async Task A_group_that_addresses_otherwise_by_now_is_asked_about_before_the_next_message()
    {
        await using var device = await StartAsync(devicesEach: 1, members: 3);
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("first"), null, Ct);

        await device.ReceiveAsync(Ack(device.Channel.SentWith("message").Single()["id"], ("error", "421")));
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("second"), null, Ct);

        Assert.Equal(2, device.Asked("w:g2"));
    }

    [Fact]
    public async Task Whoever_is_not_in_the_group_is_not_given_a_message_again()
    {
        await using var device = await StartAsync(devicesEach: 1, members: 3);
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("secret"), null, Ct);
        var id = device.Channel.SentWith("message").Single()["id"];
        var stranger = Jid.ForLid("900000000000000");
        device.AddPeer(stranger);

        await device.ReceiveAsync(Retry(id, stranger));
        Assert.Single(device.Channel.SentWith("message"));
        await device.ReceiveAsync(Retry(id, Member(1)));

        var again = device.Channel.SentWith("message").Last();
        Assert.Equal((id, Member(1).ToString(), Group.ToString()), (again["id"], again["participant"], again["to"]));
        var message = device.Peers[Member(1)].Decrypt(again.Child("enc")!);
        Assert.Equal("secret", message.ExtendedTextMessage.Text);
        Assert.NotNull(message.SenderKeyDistributionMessage);
    }

    [Fact]
    public async Task A_commit_that_fails_uses_no_iteration_and_gives_nobody_the_key()
    {
        await using var device = await StartAsync(devicesEach: 1, members: 3);
        device.OnCommit = _ =>
        {
            if (device.Events.OfType<MessageSending>().Count() == 1)
                throw new IOException("disk full");
        };
        await Assert.ThrowsAsync<StoreFailedException>(() => device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("lost"), null, Ct));
        Assert.Empty(device.Channel.SentWith("message"));

        device.OnCommit = _ => { };
        await device.Messaging.Sender.SendAsync(Group, MessagingBench.Text("kept"), null, Ct);

        var sent = device.Channel.SentWith("message").Single();
        Assert.Equal("kept", Read(TakeKeys(device, sent), Member(1), sent));
    }

    private static async Task<MessagingBench> StartAsync(int devicesEach, int members = Members)
    {
        var device = await MessagingBench.StartAsync();
        device.Groups[Group] = [MessagingBench.OwnLid, .. Enumerable.Range(1, members - 1).Select(Member)];
        foreach (var member in device.Groups[Group].Skip(1))
        {
            for (var n = 0; n < devicesEach; n++)
                device.AddPeer(member.WithDevice((ushort)n));
        }

        return device;
    }

    private static Jid Member(int n) => Jid.ForLid($"2000000000{n:D5}");

    private static Dictionary<Jid, SenderKeyRecord> TakeKeys(MessagingBench device, Node message) => message.Child("participants")!.Children.ToDictionary(
        copy => copy.JidOf("jid")!.Value,
        copy =>
        {
            var given = device.Peers[copy.JidOf("jid")!.Value].Decrypt(copy.Child("enc")!).SenderKeyDistributionMessage;
            Assert.Equal(Group.ToString(), given.GroupId);
            return GroupCipher.Process(null, given.AxolotlSenderKeyDistributionMessage.Span);
        });

    private static string Read(Dictionary<Jid, SenderKeyRecord> keys, Jid reader, Node message)
    {
        var (next, padded) = GroupCipher.Decrypt(keys[reader], message.Child("enc")!.Bytes.Span);
        keys[reader] = next;
        return Message.Parser.ParseFrom(MessagePadding.Unpad(padded).Span).ExtendedTextMessage.Text;
    }

    private static Node Notification(string change, Jid member) => new(
        "notification",
        new NodeAttributes { { "from", Group }, { "type", "w:gp2" }, { "id", "N1" }, { "t", "1700000000" }, { "participant", Member(1) } },
        [new Node(change, null, [new Node("participant", new NodeAttributes { { "jid", member } })])]);

    private static Node Ack(string? id, (string Name, string Value) further) =>
        new("ack", new NodeAttributes { { "class", "message" }, { "id", id }, { "from", Group }, { further.Name, further.Value } });

    private static Node Retry(string? id, Jid from) => new(
        "receipt",
        new NodeAttributes { { "from", Group }, { "participant", from }, { "id", id }, { "type", "retry" } },
        [
            new Node("retry", new NodeAttributes { { "count", "1" }, { "id", id }, { "t", "1700000000" }, { "v", "1" } }),
            new Node("registration", null, new byte[] { 0, 0, 18, 103 }.AsMemory()),
        ]);
}
