using CsCheck;
using Evolution.Storage.Outbox;
using static Evolution.Storage.Tests.Outbox.OutboxFixture;

namespace Evolution.Storage.Tests.Outbox;

/// <summary>Whatever happens in whatever order: each lane in order, nothing lost, nothing delivered again whose outcome was written.</summary>
public sealed class OutboxOrderProperties
{
    private static readonly string[] Subscribers = ["webhook", "global"];

    private enum Act
    {
        Append,
        Complete,
        Fail,
        GiveUp,
        Crash,
        Tick,
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lanes_keep_their_order_and_lose_nothing_over_retries_and_restarts()
    {
        var act = Gen.Frequency(
            (8, Gen.Const(Act.Append)), (8, Gen.Const(Act.Complete)), (3, Gen.Const(Act.Fail)), (1, Gen.Const(Act.GiveUp)),
            (1, Gen.Const(Act.Crash)), (2, Gen.Const(Act.Tick)));
        await Gen.Select(act, Gen.Int[0, 4]).Array[10, 60].SampleAsync(RunAsync, iter: 25, threads: 1);
    }

    private static async Task RunAsync((Act Act, int Lane)[] steps)
    {
        await using var fixture = await OpenAsync(new OutboxOptions { MaxLanes = 3 });
        var model = new Model();
        var appended = 0;
        foreach (var (act, lane) in steps)
        {
            switch (act)
            {
                case Act.Append:
                    var body = appended++.ToString("0000");
                    await fixture.AppendAsync(body, "chat" + lane, Subscribers);
                    model.Append("chat" + lane, body);
                    break;
                case Act.Crash:
                    await fixture.ReopenAsync();
                    break;
                case Act.Tick:
                    fixture.Clock.Advance(TimeSpan.FromSeconds(20));
                    model.Tick();
                    break;
                default:
                    if (model.HasDeliverable)
                        await SettleOneAsync(fixture, model, act);
                    break;
            }
        }

        while (model.HasAny)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(20));
            model.Tick();
            await SettleOneAsync(fixture, model, Act.Complete);
        }

        Assert.Equal(0, await fixture.CountAsync("deliveries"));
        Assert.Equal(model.Dead, await fixture.CountAsync("dead_letters"));
        Assert.Equal(appended * Subscribers.Length, model.Done + model.Dead);
    }

    private static async Task SettleOneAsync(OutboxFixture fixture, Model model, Act act)
    {
        var delivery = Assert.Single(await fixture.ClaimAsync(max: 1));
        model.AssertIsHead(delivery);
        switch (act)
        {
            case Act.Complete:
                await fixture.Outbox.CompleteAsync(delivery, Ct);
                model.Remove(delivery, isDead: false);
                break;
            case Act.GiveUp:
                await fixture.Outbox.DeadLetterAsync(delivery, "no", Ct);
                model.Remove(delivery, isDead: true);
                break;
            default:
                await fixture.Outbox.RescheduleAsync(delivery, fixture.Clock.GetUtcNow().AddSeconds(10), "later", Ct);
                model.Block(delivery);
                break;
        }
    }

    private sealed class Model
    {
        private readonly Dictionary<(string Subscriber, string Lane), Queue<string>> lanes = [];
        private readonly HashSet<(string, string)> blocked = [];

        public int Done { get; private set; }

        public int Dead { get; private set; }

        public bool HasAny => lanes.Values.Any(lane => lane.Count > 0);

        // Three lanes fit in memory; while enough of them are blocked, others may wait for room.
        public bool HasDeliverable => lanes.Any(lane => lane.Value.Count > 0) && blocked.Count == 0;

        public void Append(string lane, string body)
        {
            foreach (var subscriber in Subscribers)
            {
                if (!lanes.TryGetValue((subscriber, lane), out var queue))
                    lanes[(subscriber, lane)] = queue = new Queue<string>();
                queue.Enqueue(body);
            }
        }

        public void Tick() => blocked.Clear();

        public void AssertIsHead(ClaimedDelivery delivery)
        {
            Assert.DoesNotContain((delivery.Subscriber, delivery.Lane), blocked);
            Assert.Equal(lanes[(delivery.Subscriber, delivery.Lane)].Peek(), BodyOf(delivery));
        }

        public void Block(ClaimedDelivery delivery) => blocked.Add((delivery.Subscriber, delivery.Lane));

        public void Remove(ClaimedDelivery delivery, bool isDead)
        {
            lanes[(delivery.Subscriber, delivery.Lane)].Dequeue();
            if (isDead)
                Dead++;
            else
                Done++;
        }
    }
}
