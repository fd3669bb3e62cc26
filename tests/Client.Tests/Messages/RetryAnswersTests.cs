using System.Buffers.Binary;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.Messages;

public sealed class RetryAnswersTests
{
    private static readonly Jid Alice = Jid.ForPhone("5511999990002");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_that_asks_gets_the_message_under_its_id_by_a_new_session()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = device.AddPeer(Alice);
        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);
        alice.ForgetSession();

        var answers = await device.ReceiveAsync(Retry(Alice, info.Id, 1));

        Assert.Equal(["ack", "message"], answers.Select(answer => answer.Tag));
        var again = answers[1];
        Assert.Equal((info.Id, Alice.ToString(), "false"), (again["id"]!, again["to"]!, again["device_fanout"]!));
        Assert.Equal(["enc", "device-identity"], again.Children.Select(child => child.Tag));
        Assert.Equal(("pkmsg", "1"), (again.Child("enc")!["type"]!, again.Child("enc")!["count"]!));
        Assert.Equal("hello", alice.Decrypt(again.Child("enc")!).ExtendedTextMessage.Text);
    }

    [Fact]
    public async Task The_keys_in_the_receipt_are_used_without_asking_the_server()
    {
        await using var device = await MessagingBench.StartAsync();
        var alice = device.AddPeer(Alice);
        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);
        alice.Reinstall();
        var bundle = alice.Bundle(Alice);
        device.Channel.Answer = _ => throw new InvalidOperationException("The server was asked.");

        var answers = await device.ReceiveAsync(Retry(Alice, info.Id, 2, bundle));

        Assert.Equal("hello", alice.Decrypt(answers.Single(answer => answer.Tag == "message").Child("enc")!).ExtendedTextMessage.Text);
        Assert.Equal(new IdentityChanged(Alice), device.Single<IdentityChanged>());
    }

    [Fact]
    public async Task A_device_gets_a_message_five_times_also_over_restarts()
    {
        var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);

        var given = 0;
        for (var n = 1; n <= 7; n++)
        {
            device = await device.RestartAsync();
            given += (await device.ReceiveAsync(Retry(Alice, info.Id, n))).Count(answer => answer.Tag == "message");
        }

        Assert.Equal(5, given);
        await device.DisposeAsync();
    }

    [Fact]
    public async Task Our_own_device_gets_the_envelope_and_the_chat()
    {
        await using var device = await MessagingBench.StartAsync();
        var phone = device.AddPeer(MessagingBench.OwnPhone);
        device.AddPeer(Alice);
        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);
        phone.ForgetSession();

        var receipt = Retry(MessagingBench.OwnPhone, info.Id, 1);
        receipt.Attributes.Add("recipient", Alice);
        var again = (await device.ReceiveAsync(receipt)).Single(answer => answer.Tag == "message");

        Assert.Equal((MessagingBench.OwnPhone.ToString(), Alice.ToString()), (again["to"]!, again["recipient"]!));
        Assert.Equal("hello", phone.Decrypt(again.Child("enc")!).DeviceSentMessage.Message.ExtendedTextMessage.Text);
    }

    [Fact]
    public async Task A_message_that_is_not_kept_is_only_acknowledged()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);

        var answers = await device.ReceiveAsync(Retry(Alice, "3EB0UNKNOWN", 1));

        Assert.Equal("ack", Assert.Single(answers).Tag);
    }

    private static Node Retry(Jid from, string id, int count, Node? bundle = null)
    {
        var registration = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(registration, 4711);
        var children = new List<Node>
        {
            new("retry", new NodeAttributes { { "count", count.ToString() }, { "id", id }, { "t", "1772366400" }, { "v", "1" } }),
            new("registration", null, registration.AsMemory()),
        };
        if (bundle is not null)
            children.Add(new Node("keys", null, [.. bundle.Children.Where(child => child.Tag != "registration")]));
        return new Node("receipt", new NodeAttributes { { "id", id }, { "from", from }, { "type", "retry" }, { "t", "1772366400" } }, children);
    }
}
