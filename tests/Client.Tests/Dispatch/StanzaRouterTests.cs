using System.Collections.Concurrent;
using Evolution.Client.Connection;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.Dispatch;

public sealed class StanzaRouterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stanzas_of_a_chat_are_handled_in_order_and_acked_after_their_commit()
    {
        await using var bench = await Bench.CreateAsync();
        var order = new ConcurrentQueue<string>();
        bench.Handler.OnHandle = (stanza, writes) =>
        {
            order.Enqueue(stanza.Node["id"]!);
            writes.AddressMappings.Add(new AddressMapping(Jid.ForPhone("1"), Jid.ForLid(stanza.Node["id"]!)));
            return ValueTask.CompletedTask;
        };
        for (var i = 0; i < 100; i++)
            await bench.Router.RouteAsync(Bench.Message(i, "5511999990001@s.whatsapp.net"));
        var acks = await bench.Channel.TakeAsync(100, Ct);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), order);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), acks.Select(a => a["id"]));
        Assert.All(acks, a => Assert.Equal(("ack", "message"), (a.Tag, a["class"])));
        Assert.True(bench.Store.Commits < 100, "Stanzas that wait together share commits.");
    }

    [Fact]
    public async Task A_failed_commit_acks_nothing_and_ends_the_connection()
    {
        await using var bench = await Bench.CreateAsync();
        bench.Store.Fail = true;
        bench.Handler.OnHandle = Write;
        await bench.Router.RouteAsync(Bench.Message(1, "5511999990001@s.whatsapp.net"));
        Assert.Equal(EndKind.StoreFailed, (await bench.EndAsync(Ct)).Kind);
        await bench.Router.DisposeAsync();
        Assert.Empty(bench.Channel.Sent);
    }

    [Fact]
    public async Task A_store_that_lost_the_device_ends_it_for_good()
    {
        await using var bench = await Bench.CreateAsync();
        bench.Store.Fenced = true;
        bench.Handler.OnHandle = Write;
        await bench.Router.RouteAsync(Bench.Message(1, "5511999990001@s.whatsapp.net"));
        Assert.Equal(EndKind.Fenced, (await bench.EndAsync(Ct)).Kind);
    }

    [Fact]
    public async Task A_handler_that_fails_spoils_only_its_own_stanza()
    {
        await using var bench = await Bench.CreateAsync();
        bench.Handler.OnHandle = (stanza, writes) =>
        {
            writes.AddressMappings.Add(new AddressMapping(Jid.ForPhone(stanza.Node["id"]!), Jid.ForLid("9" + stanza.Node["id"])));
            return stanza.Node["id"] == "2" ? throw new FormatException("odd") : ValueTask.CompletedTask;
        };
        for (var i = 1; i <= 3; i++)
            await bench.Router.RouteAsync(Bench.Message(i, "5511999990001@s.whatsapp.net"));
        var acks = await bench.Channel.TakeAsync(3, Ct);
        Assert.Equal([null, "500", null], acks.Select(a => a["error"]));
        var stored = await bench.Store.LoadLidsAsync([Jid.ForPhone("1"), Jid.ForPhone("2"), Jid.ForPhone("3")], Ct);
        Assert.Equal(["1", "3"], stored.Keys.Select(k => k.User).Order());
    }

    [Fact]
    public async Task A_full_lane_takes_nothing_more_drains_and_renews_the_connection()
    {
        await using var bench = await Bench.CreateAsync();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = 0;
        bench.Handler.OnHandle = async (_, _) =>
        {
            started.TrySetResult();
            await go.Task;
            Interlocked.Increment(ref handled);
        };
        await bench.Router.RouteAsync(Bench.Message(0, "5511999990001@s.whatsapp.net"));
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        for (var i = 1; i <= 2000; i++)
            await bench.Router.RouteAsync(Bench.Message(i, "5511999990001@s.whatsapp.net"));
        go.SetResult();
        Assert.Equal(EndKind.LaneFull, (await bench.EndAsync(Ct)).Kind);
        Assert.InRange(handled, ChatLane.Capacity, ChatLane.Capacity + 1);
        Assert.Equal(Enumerable.Range(0, handled).Select(i => $"{i}"), bench.Channel.Sent.Select(a => a["id"]));
    }

    [Fact]
    public async Task Nothing_is_kept_of_a_chat_that_has_nothing_waiting()
    {
        // What is kept of a person's two names is bounded by a cache of 2,048.
        const int Chats = 10_000;
        const int Cached = 2048;
        await using var bench = await Bench.CreateAsync();
        var names = new ConcurrentQueue<WeakReference>();
        bench.Handler.OnHandle = (stanza, _) =>
        {
            names.Enqueue(new WeakReference(stanza.Lane.User));
            return ValueTask.CompletedTask;
        };
        for (var i = 0; i < Chats; i++)
        {
            await bench.Router.RouteAsync(Bench.Message(i, $"5511{i:000000000}@s.whatsapp.net"));
            await bench.Channel.TakeAsync(1, Ct);
            bench.Channel.Sent.Clear();
        }

        Assert.Equal(Chats, names.Count);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(names.Count(name => name.IsAlive), 0, Cached + 100);
    }

    [Fact]
    public async Task Both_names_of_a_person_share_a_lane()
    {
        await using var bench = await Bench.CreateAsync();
        var mapping = new DeviceWriteSet();
        mapping.AddressMappings.Add(new AddressMapping(Jid.ForPhone("5511999990001"), Jid.ForLid("77")));
        await bench.Store.CommitAsync(mapping, Ct);
        var lanes = new ConcurrentQueue<Jid>();
        bench.Handler.OnHandle = (stanza, _) =>
        {
            lanes.Enqueue(stanza.Lane);
            return ValueTask.CompletedTask;
        };
        await bench.Router.RouteAsync(Bench.Message(1, "5511999990001:3@s.whatsapp.net"));
        await bench.Router.RouteAsync(Bench.Message(2, "77:4@lid"));
        await bench.Channel.TakeAsync(2, Ct);
        Assert.All(lanes, lane => Assert.Equal("77@lid", lane.ToString()));
    }

    [Fact]
    public async Task What_nobody_handles_is_acknowledged()
    {
        await using var bench = await Bench.CreateAsync();
        await bench.Router.RouteAsync(new Node("notification", new NodeAttributes { { "id", "n" }, { "from", "s.whatsapp.net" }, { "type", "psa" } }));
        var ack = Assert.Single(await bench.Channel.TakeAsync(1, Ct));
        Assert.Equal(("n", "s.whatsapp.net", "notification", "psa"), (ack["id"], ack["to"], ack["class"], ack["type"]));
    }

    private static ValueTask Write(Stanza stanza, DeviceWriteSet writes)
    {
        writes.AddressMappings.Add(new AddressMapping(Jid.ForPhone("1"), Jid.ForLid("2")));
        return ValueTask.CompletedTask;
    }
}
