using Evolution.Protocol.Nodes;
using Evolution.Simulator.Relay;

namespace Evolution.Simulator.Tests.Relay;

public sealed class DeliveryQueueTests
{
    private readonly DeliveryQueue _queue = new();
    private readonly object _consumer = new();
    private int _wakes;

    private DeliveryQueue.Feed Feed => new(() => _wakes++, seqs => [.. seqs.Select(seq => Stanza(seq))]);

    [Fact]
    public void What_waited_comes_first_between_the_markers()
    {
        Add(1, 2);
        _queue.Attach(_consumer, Feed, waiting => new OfflineRun(new Node("before", new NodeAttributes { { "id", $"{waiting["message"]}" } }), new Node("after"), 100));
        Add(3, 3);

        Assert.Equal(["before 2", "message 1", "message 2", "after ", "message 3"], Drain().Select(e => $"{e.Node.Tag} {e.Node["id"]}"));
    }

    [Fact]
    public void Unsettled_stanzas_come_again_and_settled_ones_do_not()
    {
        Add(1, 2);
        _queue.Attach(_consumer, Feed);
        Assert.Equal(2, Drain().Count);
        Assert.Single(_queue.Settle("1", _ => true));
        Assert.Equal(1, _queue.Unacked);

        var next = new object();
        _queue.Attach(next, Feed);

        Assert.Equal("2", _queue.Next(next)?.Node["id"]);
        Assert.Null(_queue.Next(next));
        Assert.Null(_queue.Next(_consumer));
    }

    [Fact]
    public void A_consumer_that_was_replaced_cannot_detach_its_successor()
    {
        var next = new object();
        _queue.Attach(_consumer, Feed);
        _queue.Attach(next, Feed);

        _queue.Detach(_consumer);
        Add(1, 1);

        Assert.NotNull(_queue.Next(next));
    }

    [Fact]
    public void Waiting_stanzas_come_in_pages_and_each_acknowledgement_lets_one_more_go()
    {
        Add(1, 5);
        _queue.Attach(_consumer, Feed, _ => new OfflineRun(new Node("before"), new Node("after"), 2));
        Assert.Equal(["before", "message", "message"], Drain().Select(e => e.Node.Tag));
        Assert.False(_queue.HasNext(_consumer));

        var wakes = _wakes;
        _queue.Settle("1", _ => true);
        Assert.Equal(wakes + 1, _wakes);
        Assert.Equal("3", Assert.Single(Drain()).Node["id"]);

        _queue.SetPage(_consumer, 3);
        Assert.Equal("4", Assert.Single(Drain()).Node["id"]);

        _queue.Settle("2", _ => true);
        Add(6, 6);
        Assert.Equal(["5", null, "6"], Drain().Select(e => e.Node["id"]));
    }

    [Fact]
    public void Only_the_oldest_are_in_memory_and_the_rest_is_read_in_order_as_they_go()
    {
        const int Many = 3 * DeliveryQueue.MostInMemory;
        Add(1, Many);
        Assert.Equal((Many, DeliveryQueue.MostInMemory), (_queue.Count, _queue.InMemory));
        _queue.Attach(_consumer, Feed, waiting => new OfflineRun(new Node("before", new NodeAttributes { { "count", $"{waiting["message"]}" } }), new Node("after"), int.MaxValue));
        Assert.Equal($"{Many}", _queue.Next(_consumer)?.Node["count"]);

        for (var id = 1; id <= Many; id++)
        {
            var entry = _queue.Next(_consumer)!;
            Assert.Equal(($"{id}", true), (entry.Node["id"], entry.Offline));
            if (id == 1)
                Add(Many + 1, Many + 1);
            Assert.Single(_queue.Settle($"{id}", _ => true));
            Assert.True(_queue.InMemory <= DeliveryQueue.MostInMemory);
        }

        Assert.Equal("after", _queue.Next(_consumer)?.Node.Tag);
        Assert.False(_queue.Next(_consumer)!.Offline);
        Assert.False(_queue.HasNext(_consumer));
    }

    [Fact]
    public void Who_acknowledges_nothing_gets_no_more_than_what_is_in_memory_and_all_of_it_again()
    {
        Add(1, DeliveryQueue.MostInMemory + 1);
        _queue.Attach(_consumer, Feed);
        Assert.Equal(DeliveryQueue.MostInMemory, Drain().Count);

        _queue.Attach(_consumer, Feed);

        Assert.Equal(DeliveryQueue.MostInMemory, Drain().Count);
        _queue.Settle("1", _ => true);
        Assert.Equal($"{DeliveryQueue.MostInMemory + 1}", Assert.Single(Drain()).Node["id"]);
    }

    private void Add(long first, long last)
    {
        for (var seq = first; seq <= last; seq++)
            _queue.Add(Stanza(seq));
    }

    private List<QueuedStanza> Drain()
    {
        var all = new List<QueuedStanza>();
        while (_queue.Next(_consumer) is { } entry)
            all.Add(entry);
        return all;
    }

    private static QueuedStanza Stanza(long seq) => new(seq, new Node("message", new NodeAttributes { { "id", $"{seq}" } }));
}
