using Evolution.Protocol.Jids;
using Xunit;

namespace Evolution.Client.Tests.Messages;

/// <summary>The order in which messages leave around a reconnect.</summary>
public sealed class ResendingTests
{
    private static readonly Jid Alice = Jid.ForPhone("5511999990002");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_message_waits_until_the_unacknowledged_ones_have_left_in_their_order()
    {
        // More than one page of them.
        const int Lost = 501;
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        for (var i = 0; i < Lost; i++)
            await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text($"{i}"), null, Ct);
        var lost = device.Channel.SentWith("message").Select(message => message["id"]).ToArray();
        await using var restarted = await device.RestartAsync();
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        restarted.Messaging.Sender.Reconnected();
        var sending = restarted.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("new"), null, Ct);
        Assert.False(sending.IsCompleted);
        Assert.Empty(restarted.Channel.SentWith("message"));
        var resending = restarted.Messaging.Sender.KeepResendingAsync(connection.Token);
        var info = await sending;

        Assert.Equal([.. lost, info.Id], restarted.Channel.SentWith("message").Select(message => message["id"]));
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resending);
    }

    [Fact]
    public async Task A_message_that_was_committed_while_its_connection_broke_leaves_on_the_next_one()
    {
        await using var device = await MessagingBench.StartAsync();
        device.AddPeer(Alice);
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task resending = Task.CompletedTask;
        device.OnCommit = _ =>
        {
            // The next connection is open, and its look at what was left comes before this commit.
            device.OnCommit = _ => { };
            device.Messaging.Sender.Reconnected();
            resending = device.Messaging.Sender.KeepResendingAsync(connection.Token);
            device.Channel.OnSending = _ => written.TrySetResult();
        };

        var info = await device.Messaging.Sender.SendAsync(Alice, MessagingBench.Text("hello"), null, Ct);

        await written.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.Equal([info.Id], device.Channel.SentWith("message").Select(message => message["id"]));
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resending);
    }
}
