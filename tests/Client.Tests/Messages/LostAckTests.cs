using Evolution.Simulator.Server;
using Xunit;

namespace Evolution.Client.Tests.Messages;

/// <summary>Messages that the server had, though its ack for them never arrived.</summary>
public sealed class LostAckTests : Scenario
{
    private readonly StanzaWatch watch = new()
    {
        Loses = (direction, node) => direction == StanzaDirection.Out && node.Tag == "ack" && node["class"] == "message",
    };

    [Fact]
    public async Task A_receipt_stands_for_an_ack_that_was_lost()
    {
        await PairAsync();
        Simulator.World.Interceptor = watch;

        var info = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("hello"), null, Ct);

        await StatusAsync(info.Id, MessageStatus.Delivered);
        await UntilStoredAsync(async () => (await Device.Store.LoadUnacknowledgedAsync(DateTimeOffset.UnixEpoch, 1, Ct)).Count == 0);
    }

    [Fact]
    public async Task A_message_that_a_waiting_receipt_names_is_not_sent_again()
    {
        await PairAsync();
        Simulator.World.Interceptor = watch;
        await Alice.GoOfflineAsync();
        var info = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("before"), null, Ct);
        await watch.SeenAsync(StanzaDirection.In, node => node.Tag == "message" && node["id"] == info.Id, Ct);
        await Device.DisposeAsync();
        await Alice.GoOnlineAsync();
        await Alice.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct);

        // The receipt is off the wire long before it is handled.
        var handling = new TaskCompletionSource();
        await using var restarted = new TestDevice(Simulator, store: Device.Store)
        {
            OnEvent = (e, _) => e is MessageStatusChanged { Status: MessageStatus.Delivered } ? new ValueTask(handling.Task) : ValueTask.CompletedTask,
        };
        restarted.Client.Start();
        await restarted.StateAsync(ConnectionState.Open, Ct);
        var next = await restarted.Client.Messages.SendAsync(Bob.Jid, MessagingBench.Text("after"), null, Ct);
        handling.SetResult();

        await watch.SeenAsync(StanzaDirection.In, node => node["id"] == next.Id, Ct);
        Assert.Equal([info.Id, next.Id], watch.All(StanzaDirection.In).Where(node => node.Tag == "message").Select(node => node["id"]));
    }
}
