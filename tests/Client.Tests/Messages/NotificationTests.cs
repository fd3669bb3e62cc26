using System.Security.Cryptography;
using System.Text;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.Messages;

public sealed class NotificationTests
{
    private static readonly Jid Alice = Jid.ForPhone("5511999990002");
    private static readonly Jid AliceLid = Jid.ForLid("222000222000222");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_that_is_added_gets_the_next_message_without_asking_for_the_list()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);
        device.AddPeer(Alice.WithDevice(7));

        await device.ReceiveAsync(Devices("add", Alice.WithDevice(7)));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("two"), null, Ct);

        Assert.Equal([Alice, Alice.WithDevice(7)], Recipients(device.Channel.SentWith("message").Last()));
        Assert.Equal(1, device.Asked("usync"));
    }

    [Fact]
    public async Task A_device_that_is_removed_gets_nothing_more_and_loses_its_session()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        device.AddPeer(Alice.WithDevice(7));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);

        await device.ReceiveAsync(Devices("remove", Alice.WithDevice(7)));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("two"), null, Ct);

        Assert.Equal([Alice], Recipients(device.Channel.SentWith("message").Last()));
        Assert.Empty(await device.Store.LoadSessionsAsync([Alice.WithDevice(7).ToSignalAddress()], Ct));
    }

    [Fact]
    public async Task A_device_without_key_index_makes_the_next_send_ask_for_the_list()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);

        await device.ReceiveAsync(Devices("add", Alice.WithDevice(7), keyIndex: null));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("two"), null, Ct);

        Assert.Equal(2, device.Asked("usync"));
    }

    [Fact]
    public async Task A_new_device_of_our_own_gets_the_next_message()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        device.AddPeer(MessagingBench.OwnPhone);
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);
        device.AddPeer(MessagingBench.OwnPhone.WithDevice(9));

        await device.ReceiveAsync(Notification(MessagingBench.OwnPhone, "account_sync", new Node("devices", null, Array.Empty<Node>())));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("two"), null, Ct);

        Assert.Contains(MessagingBench.OwnPhone.WithDevice(9), Recipients(device.Channel.SentWith("message").Last()));
    }

    [Fact]
    public async Task A_list_is_asked_for_again_after_a_day()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);
        device.Time.Advance(TimeSpan.FromHours(23));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("two"), null, Ct);
        Assert.Equal(1, device.Asked("usync"));

        device.Time.Advance(TimeSpan.FromHours(2));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("three"), null, Ct);

        Assert.Equal(2, device.Asked("usync"));
    }

    [Fact]
    public async Task A_new_identity_ends_all_sessions_with_the_person()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = device.AddPeer(Alice);
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);
        alice.Reinstall();

        await device.ReceiveAsync(Notification(Alice, "encrypt", new Node("identity")));

        Assert.Equal(new IdentityChanged(Alice), device.Single<IdentityChanged>());
        Assert.Empty(await device.Store.LoadSessionsAsync([Alice.ToSignalAddress()], Ct));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("two"), null, Ct);
        var enc = device.Channel.SentWith("message").Last().Child("participants")!.Children.Single().Child("enc")!;
        Assert.Equal("two", alice.Decrypt(enc).ExtendedTextMessage.Text);
    }

    [Fact]
    public async Task A_token_of_a_peer_is_attached_until_it_expires_and_an_older_one_does_not_replace_it()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        var now = device.Time.GetUtcNow();

        await device.ReceiveAsync(Token(now, 1));
        await device.ReceiveAsync(Token(now.AddDays(-1), 2));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);
        device.Time.Advance(TimeSpan.FromDays(29));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("two"), null, Ct);

        var messages = device.Channel.SentWith("message").ToArray();
        Assert.Equal([1], messages[0].Child("tctoken")!.Bytes.ToArray());
        Assert.Null(messages[1].Child("tctoken"));
    }

    [Fact]
    public async Task Without_a_token_the_accounts_salt_makes_one()
    {
        await using var device = await MessagingBench.StartAsync(credentials => credentials with { NctSalt = [7, 7] });
        device.Lids[Alice] = AliceLid;
        device.AddPeer(Alice);

        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);

        var token = device.Channel.SentWith("message").Single().Child("cstoken")!;
        Assert.Equal(HMACSHA256.HashData(new byte[] { 7, 7 }, Encoding.UTF8.GetBytes(AliceLid.ToString())), token.Bytes.ToArray());
    }

    [Fact]
    public async Task Our_token_is_given_once_a_week_and_after_a_463()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("one"), null, Ct);
        await IssuedAsync(device, 1);
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("two"), null, Ct);

        await device.ReceiveAsync(new Node("ack", new NodeAttributes
        {
            { "class", "message" }, { "id", info.Id }, { "from", Alice }, { "t", "1772366400" }, { "error", "463" },
        }));

        await IssuedAsync(device, 2);
        Assert.Equal((MessageStatus.Error, 463), (device.Single<MessageStatusChanged>().Status, device.Single<MessageStatusChanged>().ErrorCode));
    }

    [Theory]
    [InlineData(null, MessageStatus.Delivered)]
    [InlineData("read", MessageStatus.Read)]
    [InlineData("played", MessageStatus.Played)]
    public async Task A_receipt_raises_the_status_of_all_its_messages(string? type, MessageStatus status)
    {
        await using var device = await MessagingBench.StartAsync();
        var list = new Node("list", null, [new Node("item", new NodeAttributes { { "id", "A2" } })]);

        var answers = await device.ReceiveAsync(new Node(
            "receipt", new NodeAttributes { { "id", "A1" }, { "from", Alice.WithDevice(4) }, { "type", type }, { "t", "1772366400" } }, [list]));

        var changed = device.Single<MessageStatusChanged>();
        Assert.Equal((Alice, true, status), (changed.Chat, changed.FromMe, changed.Status));
        Assert.Equal(["A1", "A2"], changed.Ids);
        Assert.Equal(("ack", "receipt"), (Assert.Single(answers).Tag, answers[0]["class"]));
    }

    [Fact]
    public async Task A_groups_receipt_for_several_members_is_one_step_of_each_without_his_device()
    {
        await using var device = await MessagingBench.StartAsync();
        var group = Jid.Parse("120363000000000001@g.us");
        Node User(Jid jid, string t) => new("user", new NodeAttributes { { "jid", jid }, { "t", t } });

        await device.ReceiveAsync(new Node(
            "receipt",
            new NodeAttributes { { "id", "R1" }, { "from", group }, { "type", "read" } },
            [new Node("participants", new NodeAttributes { { "key", "A1" } }, [User(Alice.WithDevice(4), "1772366400"), User(AliceLid, "1772366401")])]));

        var steps = device.Events.OfType<MessageStatusChanged>().ToList();
        Assert.Equal([Alice, AliceLid], steps.Select(step => step.Participant!.Value));
        Assert.All(steps, step => Assert.Equal((group, true, MessageStatus.Read, "A1"), (step.Chat, step.FromMe, step.Status, Assert.Single(step.Ids))));
        Assert.Equal([1772366400L, 1772366401L], steps.Select(step => step.At.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task What_we_read_on_another_device_is_a_message_of_the_other()
    {
        await using var device = await MessagingBench.StartAsync();

        await device.ReceiveAsync(new Node("receipt", new NodeAttributes
        {
            { "id", "A1" }, { "from", MessagingBench.OwnPhone }, { "recipient", Alice }, { "type", "read-self" }, { "t", "1772366400" },
        }));

        var changed = device.Single<MessageStatusChanged>();
        Assert.Equal((Alice, false, MessageStatus.Read), (changed.Chat, changed.FromMe, changed.Status));
    }

    private static async Task IssuedAsync(MessagingBench device, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (device.Asked("privacy") < count)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        // The task that asked has ended once its result is stored.
        while ((await device.Store.LoadTrustedContactTokensAsync([Alice], limit.Token)).Count == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(count, device.Asked("privacy"));
    }

    private static Jid[] Recipients(Node message) => [.. message.Child("participants")!.Children.Select(copy => copy.JidOf("jid")!.Value)];

    private static Node Devices(string change, Jid named, string? keyIndex = "2") => Notification(
        Alice, "devices", new Node(change, new NodeAttributes { { "device_hash", "2:x" } },
            [new Node("device", new NodeAttributes { { "jid", named }, { "key-index", keyIndex } })]));

    private static Node Token(DateTimeOffset at, byte value) => Notification(Alice, "privacy_token", new Node("tokens", null,
    [
        new Node(
            "token",
            new NodeAttributes { { "jid", MessagingBench.OwnPhone }, { "t", at.ToUnixTimeSeconds().ToString() }, { "type", "trusted_contact" } },
            new[] { value }.AsMemory()),
    ]));

    private static Node Notification(Jid from, string type, Node child) =>
        new("notification", new NodeAttributes { { "from", from }, { "type", type }, { "id", "N1" }, { "t", "1772366400" } }, [child]);
}
