using Evolution.Client.Messages.Retries;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Google.Protobuf;
using Xunit;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Client.Tests.Messages;

public sealed class ReceivingTests
{
    private static readonly Jid Alice = Jid.ForPhone("5511999990002");
    private static readonly Jid AliceLid = Jid.ForLid("222000222000222");
    private static readonly Jid Group = Jid.Parse("120363000000000001@g.us");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_told_and_then_receipted()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice.WithDevice(5));

        var answers = await device.ReceiveAsync(
            device.MessageFrom(alice.Jid, "A1", new NodeAttributes { { "notify", "Alice" } }, alice.Encrypt(MessagingBench.Text("hi"))));

        var received = device.Single<MessageReceived>();
        Assert.Equal("hi", received.Content.ExtendedTextMessage.Text);
        Assert.Equal((Alice, Alice, false, "Alice"), (received.Info.Chat, received.Info.Sender, received.Info.FromMe, received.Info.PushName));
        var receipt = Assert.Single(answers);
        Assert.Equal("receipt", receipt.Tag);
        Assert.Equal(("A1", alice.Jid.ToString(), "inactive"), (receipt["id"]!, receipt["to"]!, receipt["type"]!));
    }

    [Fact]
    public async Task Nothing_is_answered_when_the_commit_fails_and_the_next_delivery_is_read()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice);
        var stanza = device.MessageFrom(Alice, "A1", alice.Encrypt(MessagingBench.Text("hi")));
        device.OnCommit = _ => throw new IOException("disk full");

        await Assert.ThrowsAnyAsync<Exception>(() => device.ReceiveAsync(stanza));

        Assert.Empty(device.Channel.Sent);
        device.OnCommit = _ => { };
        await device.ReceiveAsync(stanza);
        Assert.Equal(2, device.Events.OfType<MessageReceived>().Count());
        Assert.Single(device.Channel.SentWith("receipt"));
    }

    [Fact]
    public async Task A_message_delivered_twice_is_receipted_twice_and_told_once()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice);
        var stanza = device.MessageFrom(Alice, "A1", alice.Encrypt(MessagingBench.Text("hi")));

        await device.ReceiveAsync(stanza);
        var answers = await device.ReceiveAsync(stanza);

        Assert.Single(device.Events.OfType<MessageReceived>());
        Assert.Equal(("receipt", null), (Assert.Single(answers).Tag, answers[0].Child("retry")));
    }

    [Fact]
    public async Task Several_messages_of_one_batch_step_the_same_session()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice);

        await device.ReceiveAsync([.. Enumerable.Range(1, 5).Select(n => device.MessageFrom(Alice, $"A{n}", alice.Encrypt(MessagingBench.Text($"{n}"))))]);

        Assert.Equal(["1", "2", "3", "4", "5"], device.Events.OfType<MessageReceived>().Select(e => e.Content.ExtendedTextMessage.Text));
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_asked_for_again_and_replaced()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await TalkingPeerAsync(device);
        var spoiled = Spoil(alice.Encrypt(MessagingBench.Text("hi")));

        var answers = await device.ReceiveAsync(device.MessageFrom(Alice, "A1", spoiled));

        Assert.Equal(("A1", true), (device.Single<MessageUndecryptable>().Info.Id, device.Single<MessageUndecryptable>().Replaceable));
        Assert.Equal(["receipt", "ack"], answers.Select(answer => answer.Tag));
        Assert.Equal(("retry", "1"), (answers[0]["type"]!, answers[0].Child("retry")!["count"]!));
        Assert.Null(answers[0].Child("keys"));
        Assert.Equal("500", answers[1]["error"]);

        await device.ReceiveAsync(device.MessageFrom(Alice, "A1", Counted(alice.Encrypt(MessagingBench.Text("hi")), 1)));
        Assert.Equal(["A0", "A1"], device.Events.OfType<MessageReceived>().Select(e => e.Info.Id));
    }

    [Fact]
    public async Task Asking_again_sends_our_keys_goes_on_after_a_restart_and_ends_at_five()
    {
        var device = await MessagingBench.StartAsync();
        var alice = await TalkingPeerAsync(device);
        var stanza = device.MessageFrom(Alice, "A1", Spoil(alice.Encrypt(MessagingBench.Text("hi"))));

        var counts = new List<string?>();
        for (var n = 0; n < 7; n++)
        {
            var answers = await device.ReceiveAsync(stanza);
            counts.Add(answers[0].Child("retry")?["count"]);
            if (n == 1)
                Assert.Equal(["type", "identity", "key", "skey", "device-identity"], answers[0].Child("keys")!.Children.Select(child => child.Tag));
            device = await device.RestartAsync();
        }

        Assert.Equal(["1", "2", "3", "4", "5", null, null], counts);
        await device.DisposeAsync();
    }

    [Fact]
    public async Task The_phone_is_asked_when_the_author_does_not_answer_in_time()
    {
        await using var device = await MessagingBench.StartAsync();
        var phone = device.AddPeer(MessagingBench.OwnPhone);
        var alice = await PeerAsync(device, Alice);
        await device.ReceiveAsync(device.MessageFrom(Alice, "A1", Spoil(alice.Encrypt(MessagingBench.Text("hi")))));
        var asked = new TaskCompletionSource<Node>(TaskCreationOptions.RunContinuationsAsynchronously);
        device.Channel.OnSending = node => asked.TrySetResult(node);

        while (!asked.Task.IsCompleted)
        {
            device.Time.Advance(RetryPolicy.PhoneDelay);
            await Task.Yield();
            Ct.ThrowIfCancellationRequested();
        }

        var request = await asked.Task;
        Assert.Equal(("peer", "high_force", MessagingBench.OwnPhone.ToString()), (request["category"]!, request["push_priority"]!, request["to"]!));
        var protocol = phone.Decrypt(request.Child("enc")!).ProtocolMessage;
        Assert.Equal(ProtocolType.PeerDataOperationRequestMessage, protocol.Type);
        Assert.Equal("A1", protocol.PeerDataOperationRequestMessage.PlaceholderMessageResendRequest.Single().MessageKey.Id);
    }

    [Fact]
    public async Task The_answers_of_author_and_phone_are_told_once()
    {
        await using var device = await MessagingBench.StartAsync();
        var phone = await PeerAsync(device, MessagingBench.OwnPhone);
        var alice = await TalkingPeerAsync(device);
        await device.ReceiveAsync(device.MessageFrom(Alice, "A1", Spoil(alice.Encrypt(MessagingBench.Text("hi")))));

        await device.ReceiveAsync(Peer(device, "P1", phone.Encrypt(Placeholder("A1"))));
        await device.ReceiveAsync(device.MessageFrom(Alice, "A1", Counted(alice.Encrypt(MessagingBench.Text("hi")), 1)));
        await device.ReceiveAsync(Peer(device, "P2", phone.Encrypt(Placeholder("A1"))));

        Assert.Equal(["A0", "A1"], device.Events.OfType<MessageReceived>().Select(e => e.Info.Id));
    }

    [Fact]
    public async Task The_phone_cannot_slip_in_a_message_that_was_not_asked_for()
    {
        await using var device = await MessagingBench.StartAsync();
        var phone = await PeerAsync(device, MessagingBench.OwnPhone);

        await device.ReceiveAsync(Peer(device, "P1", phone.Encrypt(Placeholder("A1"))));

        Assert.Empty(device.Events.OfType<MessageReceived>());
    }

    [Fact]
    public async Task A_message_sent_from_our_phone_belongs_to_the_recipients_chat()
    {
        await using var device = await MessagingBench.StartAsync();
        var phone = await PeerAsync(device, MessagingBench.OwnPhone);
        var sent = new Message
        {
            DeviceSentMessage = new Message.Types.DeviceSentMessage { DestinationJid = Alice.ToString(), Message = MessagingBench.Text("from the phone") },
        };

        var answers = await device.ReceiveAsync(
            device.MessageFrom(MessagingBench.OwnPhone, "A1", new NodeAttributes { { "recipient", Alice.ToString() } }, phone.Encrypt(sent)));

        var received = device.Single<MessageReceived>();
        Assert.Equal((Alice, MessagingBench.OwnPhone, true), (received.Info.Chat, received.Info.Sender, received.Info.FromMe));
        Assert.Equal("from the phone", received.Content.ExtendedTextMessage.Text);
        Assert.Equal(("sender", MessagingBench.OwnPhone.ToString(), Alice.ToString()), (answers[0]["type"]!, answers[0]["to"]!, answers[0]["recipient"]!));
    }

    [Fact]
    public async Task A_stranger_cannot_use_the_envelope_of_our_own_devices()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice);
        var forged = new Message
        {
            DeviceSentMessage = new Message.Types.DeviceSentMessage { DestinationJid = "5511999990003@s.whatsapp.net", Message = MessagingBench.Text("forged") },
        };

        var answers = await device.ReceiveAsync(device.MessageFrom(Alice, "A1", alice.Encrypt(forged)));

        Assert.Empty(device.Events.OfType<MessageReceived>());
        Assert.Equal("receipt", Assert.Single(answers).Tag);
    }

    [Fact]
    public async Task A_strangers_app_state_keys_are_dropped_and_our_phones_are_kept()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice);
        var phone = await PeerAsync(device, MessagingBench.OwnPhone);

        await device.ReceiveAsync(device.MessageFrom(Alice, "A1", alice.Encrypt(KeyShare(1))));
        var answers = await device.ReceiveAsync(Peer(device, "P1", phone.Encrypt(KeyShare(2))));

        Assert.Null(await device.Store.LoadAppStateKeyAsync(new byte[] { 1 }, Ct));
        Assert.NotNull(await device.Store.LoadAppStateKeyAsync(new byte[] { 2 }, Ct));
        Assert.Equal(("peer_msg", MessagingBench.OwnPhone.ToString()), (answers[0]["type"]!, answers[0]["to"]!));
        Assert.Empty(device.Events.OfType<MessageReceived>());
    }

    [Fact]
    public async Task A_LID_learned_with_a_message_moves_the_session()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice);
        await device.ReceiveAsync(device.MessageFrom(Alice, "A1", alice.Encrypt(MessagingBench.Text("by phone"))));

        await device.ReceiveAsync(device.MessageFrom(
            Alice, "A2", new NodeAttributes { { "sender_lid", AliceLid.ToString() } }, alice.Encrypt(MessagingBench.Text("both"))));
        await device.ReceiveAsync(device.MessageFrom(AliceLid, "A3", alice.Encrypt(MessagingBench.Text("by LID"))));

        Assert.Equal(3, device.Events.OfType<MessageReceived>().Count());
        Assert.Equal(new AddressLearned(Alice, AliceLid), device.Single<AddressLearned>());
        var last = device.Events.OfType<MessageReceived>().Last().Info;
        Assert.Equal((AliceLid, Alice, AliceLid), (last.Chat, last.ChatAlt!.Value, last.CanonicalChat));
        var sessions = await device.Store.LoadSessionsAsync([Alice.ToSignalAddress(), AliceLid.ToSignalAddress()], Ct);
        Assert.Equal([AliceLid.ToSignalAddress()], sessions.Keys);
    }

    [Fact]
    public async Task A_group_message_is_read_although_the_sender_key_comes_behind_it()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice);
        var (record, distribution) = GroupCipher.Create();
        var (_, skmsg) = GroupCipher.Encrypt(record, MessagePadding.Pad(MessagingBench.Text("to all").ToByteArray()));
        var key = new Message
        {
            SenderKeyDistributionMessage = new Message.Types.SenderKeyDistributionMessage
            {
                GroupId = Group.ToString(),
                AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(distribution),
            },
        };

        var answers = await device.ReceiveAsync(device.MessageFrom(
            Group, "A1", new NodeAttributes { { "participant", Alice.ToString() } }, PeerDevice.Enc("skmsg", skmsg), alice.Encrypt(key)));

        var received = device.Single<MessageReceived>();
        Assert.Equal((Group, Alice, "to all"), (received.Info.Chat, received.Info.Sender, received.Content.ExtendedTextMessage.Text));
        Assert.Equal(Alice.ToString(), Assert.Single(answers)["participant"]);
    }

    [Fact]
    public async Task A_new_identity_is_taken_told_and_read()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = await PeerAsync(device, Alice);
        await device.ReceiveAsync(device.MessageFrom(Alice, "A1", alice.Encrypt(MessagingBench.Text("old phone"))));
        alice.Reinstall();
        await device.BeginSessionAsync(alice);

        await device.ReceiveAsync(device.MessageFrom(Alice, "A2", alice.Encrypt(MessagingBench.Text("new phone"))));

        Assert.Equal(new IdentityChanged(Alice), device.Single<IdentityChanged>());
        Assert.Equal("new phone", device.Events.OfType<MessageReceived>().Last().Content.ExtendedTextMessage.Text);
        var identities = await device.Store.LoadIdentitiesAsync([Alice.ToSignalAddress()], Ct);
        Assert.Equal(alice.Identity.KeyPair.PublicKey.ToArray(), identities[Alice.ToSignalAddress()]);
    }

    private static async Task<PeerDevice> PeerAsync(MessagingBench device, Jid jid)
    {
        var peer = device.AddPeer(jid);
        await device.BeginSessionAsync(peer);
        return peer;
    }

    /// <summary>Both sides have written once, so what follows are plain messages of an established session.</summary>
    private static async Task<PeerDevice> TalkingPeerAsync(MessagingBench device)
    {
        var alice = await PeerAsync(device, Alice);
        await device.ReceiveAsync(device.MessageFrom(Alice, "A0", alice.Encrypt(MessagingBench.Text("before"))));
        await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("after"), null, Ct);
        var copies = device.Channel.SentWith("message").Single().Child("participants")!.Children;
        alice.Decrypt(copies.Single(copy => copy.JidOf("jid") == Alice).Child("enc")!);
        return alice;
    }

    private static Node Peer(MessagingBench device, string id, Node enc) =>
        device.MessageFrom(MessagingBench.OwnPhone, id, new NodeAttributes { { "category", "peer" } }, enc);

    private static Node Spoil(Node enc)
    {
        var bytes = enc.Bytes.ToArray();
        bytes[^1] ^= 1;
        return PeerDevice.Enc(enc["type"]!, bytes);
    }

    private static Node Counted(Node enc, int count) => PeerDevice.Enc(enc["type"]!, enc.Bytes.ToArray(), count);

    private static Message Placeholder(string id)
    {
        var message = new WebMessageInfo
        {
            Key = new MessageKey { RemoteJid = Alice.ToString(), FromMe = false, Id = id },
            Message = MessagingBench.Text("hi"),
            MessageTimestamp = 1772366400,
        };
        var result = new Message.Types.PeerDataOperationRequestResponseMessage.Types.PeerDataOperationResult
        {
            PlaceholderMessageResendResponse = new() { WebMessageInfoBytes = message.ToByteString() },
        };
        return new Message
        {
            ProtocolMessage = new Message.Types.ProtocolMessage
            {
                Type = ProtocolType.PeerDataOperationRequestResponseMessage,
                PeerDataOperationRequestResponseMessage = new() { PeerDataOperationResult = { result } },
            },
        };
    }

    private static Message KeyShare(byte id) => new()
    {
        ProtocolMessage = new Message.Types.ProtocolMessage
        {
            Type = ProtocolType.AppStateSyncKeyShare,
            AppStateSyncKeyShare = new Message.Types.AppStateSyncKeyShare
            {
                Keys =
                {
                    new Message.Types.AppStateSyncKey
                    {
                        KeyId = new() { KeyId = ByteString.CopyFrom(id) },
                        KeyData = new() { KeyData = ByteString.CopyFrom(new byte[32]), Timestamp = 1772366400 },
                    },
                },
            },
        },
    };
}
