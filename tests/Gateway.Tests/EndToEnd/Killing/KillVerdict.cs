using System.Text.Json.Nodes;
using Evolution.Simulator;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>Compares what was sent with what every side has of it in the end.</summary>
internal sealed class KillVerdict(
    SimulatorHost simulator, DeliveryLog log, DatabaseAudit database, InboundChat[] inbound, OutboundChat[] outbound)
{
    private static readonly string[] MessageEvents = ["messages.upsert", "send.message", "messages.update"];
    private readonly List<DatabaseAudit.Row> _rows = database.Messages();

    public void AssertAll()
    {
        Assert.Equal("ok", database.Integrity());
        Assert.Empty(simulator.World.Violations.Snapshot());
        Assert.All(simulator.World.Phones, phone => Assert.Equal(0, phone.Undecryptable));
        foreach (var chat in inbound)
            AssertInbound(chat);
        foreach (var chat in outbound)
            AssertOutbound(chat);
        AssertRepetitions();
        Assert.Equal(inbound.Sum(chat => chat.Sent.Count) + outbound.Sum(chat => TextsOn(chat.Phone).Count), _rows.Count);
        Assert.DoesNotContain(_rows, row => row.IsPlaceholder);
        Assert.Equal(0, database.Unacknowledged());
        Assert.DoesNotContain(database.Undelivered(), MessageEvents.Contains);
    }

    private void AssertInbound(InboundChat chat)
    {
        Assert.Equal(chat.Sent, _rows.Where(row => row.Chat == chat.Jid).Select(row => row.Id));
        var delivered = Delivered("messages.upsert", chat.Jid).ToList();
        Assert.Equal(chat.Sent, delivered.Select(delivery => delivery.MessageId));
        if (chat.HasFiles)
            Assert.All(delivered, delivery => Assert.Equal(MediaSample.JpegBase64, (string?)delivery.Data["message"]!["base64"]));
    }

    private void AssertOutbound(OutboundChat chat)
    {
        // In the order in which they were asked for; of those without an answer, each arrived once or not at all.
        var arrived = TextsOn(chat.Phone);
        Assert.Equal(arrived.Select(text => text.Number).Order().Distinct(), arrived.Select(text => text.Number));
        Assert.All(chat.Accepted, sent => Assert.Contains((sent.Key, sent.Value), arrived));
        Assert.All(arrived, text => Assert.True(chat.Accepted.ContainsKey(text.Number) || chat.Unanswered.Contains(text.Number)));

        // What was stored was sent, and what was sent was stored, also when nobody was told.
        var ids = arrived.Select(text => text.Id).ToList();
        var rows = _rows.Where(row => row.Chat == chat.Jid).ToList();
        Assert.Equal(ids, rows.Select(row => row.Id));
        Assert.All(rows, row => Assert.True(row.FromMe && row.Status >= chat.LastStatus, $"{row.Id} has status {row.Status}"));
        Assert.Equal(ids, Delivered("send.message", chat.Jid).Select(delivery => delivery.MessageId));
        foreach (var updates in Delivered("messages.update", chat.Jid).GroupBy(delivery => delivery.MessageId))
            AssertRises([.. updates.Select(delivery => delivery.Status!)]);
    }

    /// <summary>The server's ack may have got lost with a life; then the receipt says more than the ack that the resent message gets.</summary>
    private static void AssertRises(string[] statuses) =>
        Assert.True(statuses is ["SERVER_ACK", "DELIVERY_ACK"] or ["DELIVERY_ACK"], string.Join(", ", statuses));

    /// <summary>A repeated event is the last one its chat saw of the life before.</summary>
    private void AssertRepetitions()
    {
        var seen = new HashSet<string>();
        var lastOf = new Dictionary<string, Delivery>();
        foreach (var delivery in log.All.Where(delivery => delivery.Chat is not null))
        {
            var last = lastOf.GetValueOrDefault(delivery.Chat!);
            lastOf[delivery.Chat!] = delivery;
            if (seen.Add(delivery.WebhookId))
                continue;
            Assert.Equal(last!.WebhookId, delivery.WebhookId);
            Assert.True(delivery.Life > last.Life, $"{delivery.Event} came twice in life {delivery.Life}");
            Assert.True(JsonNode.DeepEquals(last.Data, delivery.Data));
        }
    }

    private IEnumerable<Delivery> Delivered(string name, string chat) =>
        log.All.Where(delivery => delivery.Event == name && delivery.Chat == chat).DistinctBy(delivery => delivery.WebhookId);

    private static List<(int Number, string Id)> TextsOn(Phone phone)
    {
        var all = new List<(int, string)>();
        long after = 0;
        while (phone.MessagesAfter(after) is { Count: > 0 } page)
        {
            all.AddRange(page.Select(message => (OutboundChat.NumberIn(message), message.Id)));
            after = page[^1].Seq;
        }

        return all;
    }
}
