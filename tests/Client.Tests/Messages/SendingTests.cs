using Evolution.Client.Messages.Sending;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.Messages;

public sealed class SendingTests
{
    private static readonly Jid Alice = Jid.ForPhone("5511999990002");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_encrypts_to_every_device_of_the_recipient_and_our_own_others_first()
    {
        await using var device = await MessagingBench.StartAsync();
        var ownPhone = device.AddPeer(MessagingBench.OwnPhone);
        device.AddPeer(MessagingBench.Own);
        var alice = device.AddPeer(Alice);
        var alicesTablet = device.AddPeer(Alice.WithDevice(7));

        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);

        var message = device.Channel.SentWith("message").Single();
        Assert.Equal((info.Id, Alice, "text"), (message["id"]!, message.JidOf("to")!.Value, message["type"]!));
        Assert.Equal(["participants", "device-identity", "reporting"], message.Children.Select(child => child.Tag));
        var copies = message.Child("participants")!.Children;
        Assert.Equal([MessagingBench.OwnPhone, Alice, Alice.WithDevice(7)], copies.Select(copy => copy.JidOf("jid")!.Value));
        Assert.All(copies, copy => Assert.Equal(("2", "pkmsg"), (copy.Child("enc")!["v"]!, copy.Child("enc")!["type"]!)));

        var toOwn = ownPhone.Decrypt(copies[0].Child("enc")!);
        Assert.Equal("hello", toOwn.DeviceSentMessage.Message.ExtendedTextMessage.Text);
        Assert.Equal(Alice.ToString(), toOwn.DeviceSentMessage.DestinationJid);
        Assert.Equal(32, toOwn.MessageContextInfo.MessageSecret.Length);
        Assert.Equal("hello", alice.Decrypt(copies[1].Child("enc")!).ExtendedTextMessage.Text);
        Assert.Equal("hello", alicesTablet.Decrypt(copies[2].Child("enc")!).ExtendedTextMessage.Text);
        Assert.Equal(info, device.Single<MessageSending>().Info);
    }

    [Fact]
    public async Task Send_shows_the_device_identity_only_where_it_starts_a_session()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = device.AddPeer(Alice);
        await device.BeginSessionAsync(alice);
        await device.ReceiveAsync(device.MessageFrom(Alice, "A0", alice.Encrypt(MessagingBench.Text("hello"))));

        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("answer"), null, Ct);

        var message = device.Channel.SentWith("message").Single();
        Assert.Equal("msg", message.Child("participants")!.Children.Single().Child("enc")!["type"]);
        Assert.Null(message.Child("device-identity"));
    }

    [Fact]
    public async Task Send_commits_the_ratchets_before_the_frame_leaves()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        byte[]? stored = null;
        device.Channel.OnSending = node =>
        {
            if (node.Tag == "message")
                stored = device.Store.LoadSentMessageAsync(Alice, node["id"]!, Ct).AsTask().Result?.Content;
        };

        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);

        Assert.NotNull(stored);
        Assert.Equal("hello", Message.Parser.ParseFrom(stored).ExtendedTextMessage.Text);
    }

    [Fact]
    public async Task Send_leaves_nothing_when_the_commit_fails()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("first"), null, Ct);
        device.OnCommit = _ => throw new IOException("disk full");

        await Assert.ThrowsAnyAsync<Exception>(() => device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("second"), null, Ct));

        Assert.Single(device.Channel.SentWith("message"));
    }

    [Fact]
    public async Task Send_uses_the_sessions_of_the_LID_once_the_server_tells_it()
    {
        await using var device = await MessagingBench.StartAsync();
        var lid = Jid.ForLid("222000222000222");
        device.Lids[Alice] = lid;
        var alice = device.AddPeer(Alice);

        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);

        var sessions = await device.Store.LoadSessionsAsync([lid.ToSignalAddress(), Alice.ToSignalAddress()], Ct);
        Assert.Equal([lid.ToSignalAddress()], sessions.Keys);
        Assert.Equal(new AddressLearned(Alice, lid), device.Single<AddressLearned>());
        var copy = device.Channel.SentWith("message").Single().Child("participants")!.Children.Single();
        Assert.Equal(Alice, copy.JidOf("jid"));
        Assert.Equal("hello", alice.Decrypt(copy.Child("enc")!).ExtendedTextMessage.Text);
    }

    [Fact]
    public async Task The_ack_of_the_server_raises_the_status_and_ends_the_resending()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);

        await device.ReceiveAsync(Ack(info.Id, null));

        var changed = device.Single<MessageStatusChanged>();
        Assert.Equal((Alice, MessageStatus.ServerAck, true, null), (changed.Chat, changed.Status, changed.FromMe, changed.ErrorCode));
        await using var restarted = await device.RestartAsync();
        await restarted.Messaging.Sender.ResendAsync(Ct);
        Assert.Empty(restarted.Channel.SentWith("message"));
    }

    [Fact]
    public async Task A_message_without_ack_is_sent_again_after_a_restart_under_its_id_freshly_encrypted()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = device.AddPeer(Alice);
        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);
        var first = device.Channel.SentWith("message").Single().Child("participants")!.Children.Single().Child("enc")!;

        await using var restarted = await device.RestartAsync();
        await restarted.Messaging.Sender.ResendAsync(Ct);

        var again = restarted.Channel.SentWith("message").Single();
        Assert.Equal(info.Id, again["id"]);
        var second = again.Child("participants")!.Children.Single().Child("enc")!;
        Assert.False(first.Bytes.Span.SequenceEqual(second.Bytes.Span));
        Assert.Equal("hello", alice.Decrypt(first).ExtendedTextMessage.Text);
        Assert.Equal("hello", alice.Decrypt(second).ExtendedTextMessage.Text);
        Assert.Empty(restarted.Events.OfType<MessageSending>());
    }

    [Fact]
    public async Task A_message_older_than_a_day_is_not_sent_again()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);
        device.Time.Advance(TimeSpan.FromHours(25));

        await using var restarted = await device.RestartAsync();
        await restarted.Messaging.Sender.ResendAsync(Ct);

        Assert.Empty(restarted.Channel.SentWith("message"));
    }

    [Fact]
    public async Task An_error_479_sets_the_status_and_asks_for_the_devices_anew()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);

        await device.ReceiveAsync(Ack(info.Id, "479"));

        var changed = device.Single<MessageStatusChanged>();
        Assert.Equal((MessageStatus.Error, 479), (changed.Status, changed.ErrorCode));
        Assert.Empty(await device.Store.LoadDeviceListsAsync([Alice], Ct));
    }

    [Fact]
    public async Task Sending_to_a_newsletter_says_that_it_is_not_supported()
    {
        await using var device = await MessagingBench.StartAsync();

        var error = await Assert.ThrowsAsync<UnsupportedRecipientException>(
            () => device.Messaging.Sender.SendAsync(Jid.Parse("120363000000000001@newsletter"), MessagingBench.Text("hello"), null, Ct));

        Assert.Equal("newsletter", error.Server);
    }

    [Fact]
    public async Task Sending_to_a_number_without_devices_stores_nothing()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(MessagingBench.OwnPhone);

        await Assert.ThrowsAsync<RecipientUnknownException>(() => device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct));

        Assert.Empty(device.Events.OfType<MessageSending>());
        Assert.Empty(await device.Store.LoadUnacknowledgedAsync(DateTimeOffset.MinValue, 10, Ct));
    }

    private static Node Ack(string id, string? error) => new("ack", new NodeAttributes
    {
        { "class", "message" }, { "id", id }, { "from", Alice }, { "t", "1772366400" }, { "error", error },
    });
}
