using Evolution.Client.Messages.Sending;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Xunit;

namespace Evolution.Client.Tests.Messages;

public sealed class SendBatchesTests
{
    private static readonly Jid Alice = Jid.ForPhone("5511999990002");
    private static readonly Jid Carol = Jid.ForPhone("5511999990003");
    private static readonly Jid Nobody = Jid.ForPhone("5511999990004");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_that_wait_for_a_commit_share_the_next_one_and_leave_in_their_order()
    {
        await using var world = await World.StartAsync();
        var first = world.BeginHeld("first");

        var others = Enumerable.Range(0, 6).Select(i => world.Send(i % 2 == 0 ? Alice : Carol, $"text {i}")).ToList();
        Assert.Empty(world.Left());
        world.Release();
        await first;
        await Task.WhenAll(others);

        Assert.Equal(2, world.Commits);
        Assert.Equal(["first", .. Enumerable.Range(0, 6).Select(i => $"text {i}")], world.Left());
    }

    [Fact]
    public async Task A_message_that_cannot_be_encrypted_spoils_no_other()
    {
        await using var world = await World.StartAsync();
        var first = world.BeginHeld("first");

        var before = world.Send(Alice, "before");
        var lost = world.Send(Nobody, "lost");
        var after = world.Send(Alice, "after");
        world.Release();

        await Task.WhenAll(first, before, after);
        await Assert.ThrowsAsync<RecipientUnknownException>(() => lost);
        Assert.Equal(["first", "before", "after"], world.Left());
        Assert.Equal(3, world.Device.Events.OfType<MessageSending>().Count(e => e.Content.ExtendedTextMessage.Text != "warm"));
    }

    [Fact]
    public async Task A_message_that_is_given_up_while_it_waits_never_leaves()
    {
        await using var world = await World.StartAsync();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var first = world.BeginHeld("first");

        var dropped = world.Send(Alice, "dropped", given.Token);
        var kept = world.Send(Alice, "kept");
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dropped);
        world.Release();

        await Task.WhenAll(first, kept);
        Assert.Equal(["first", "kept"], world.Left());
    }

    [Fact]
    public async Task When_their_commit_fails_all_are_told_and_none_leaves()
    {
        await using var world = await World.StartAsync();
        var first = world.BeginHeld("first");
        var others = new[] { world.Send(Alice, "one"), world.Send(Carol, "two") };
        world.FailAfterFirst = true;
        world.Release();

        await first;
        foreach (var other in others)
            await Assert.ThrowsAsync<StoreFailedException>(() => other);
        world.FailAfterFirst = false;
        await world.Send(Alice, "later");

        Assert.Equal(["first", "later"], world.Left());
    }

    /// <summary>A device that has written to two people, and whose next commit can be held.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly SemaphoreSlim release = new(0);
        private readonly PeerDevice ownPhone;
        private readonly int warm;

        private World(MessagingBench device, PeerDevice phone)
        {
            Device = device;
            ownPhone = phone;
            warm = device.Channel.SentWith("message").Count();
        }

        public MessagingBench Device { get; }

        public int Commits { get; private set; }

        public bool FailAfterFirst { get; set; }

        public static async Task<World> StartAsync()
        {
            var device = await MessagingBench.StartAsync();
            var phone = device.AddPeer(MessagingBench.OwnPhone);
            device.AddPeer(MessagingBench.Own);
            device.AddPeer(Alice);
            device.AddPeer(Carol);
            foreach (var person in new[] { Alice, Carol })
                await device.Messaging.Sender.SendAsync(person, MessagingBench.Text("warm"), null, Ct);
            return new World(device, phone);
        }

        /// <summary>Sends a message and returns while its commit is held.</summary>
        public Task BeginHeld(string text)
        {
            Device.OnCommit = writes =>
            {
                // Others tell of contacts and tokens.
                if (writes.SentMessages.Count == 0)
                    return;
                if (++Commits == 1)
                    release.Wait(TimeSpan.FromSeconds(20), Ct);
                else if (FailAfterFirst)
                    throw new IOException("the disk is gone");
            };
            var sending = Task.Run(() => Send(Alice, text), Ct);
            SpinWait.SpinUntil(() => Commits == 1, TimeSpan.FromSeconds(20));
            return sending;
        }

        public Task Send(Jid to, string text, CancellationToken? ct = null) => Device.Messaging.Sender.SendAsync(to, MessagingBench.Text(text), null, ct ?? Ct);

        public void Release() => release.Release();

        /// <summary>The texts that left, as our own phone reads them: a ratchet that steps wrongly can't be read.</summary>
        public IReadOnlyList<string> Left() =>
        [
            .. Device.Channel.SentWith("message").Skip(warm)
                .Select(message => message.Child("participants")!.Children.First(copy => copy.JidOf("jid") == MessagingBench.OwnPhone))
                .Select(copy => ownPhone.Decrypt(copy.Child("enc")!).DeviceSentMessage.Message.ExtendedTextMessage.Text),
        ];

        public async ValueTask DisposeAsync()
        {
            await Device.DisposeAsync();
            release.Dispose();
        }
    }
}
