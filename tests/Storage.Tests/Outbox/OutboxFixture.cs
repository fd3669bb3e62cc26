using System.Text;
using Evolution.Storage.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Storage.Tests.Outbox;

/// <summary>An outbox with a clock the test drives.</summary>
public sealed class OutboxFixture : IAsyncDisposable
{
    public const string Webhook = "webhook";
    private OutboxOptions options = new();

    public StorageFixture Storage { get; private init; } = null!;

    public FakeTimeProvider Clock { get; private init; } = null!;

    public EventOutbox Outbox { get; private set; } = null!;

    public string Instance { get; private set; } = null!;

    public InstanceRows Rows => new(Storage.Database);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<OutboxFixture> OpenAsync(OutboxOptions? options = null)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_750_000_000));
        var fixture = new OutboxFixture { Storage = await StorageFixture.OpenAsync(clock), Clock = clock, options = options ?? new OutboxOptions() };
        fixture.Instance = await fixture.Storage.CreateInstanceAsync();
        await fixture.StartOutboxAsync();
        return fixture;
    }

    /// <summary>What a crash leaves: the database as it is, nothing of what was under way.</summary>
    public async Task ReopenAsync()
    {
        await Storage.ReopenAsync();
        await StartOutboxAsync();
    }

    public Task AppendAsync(string body, string lane, params string[] subscribers) => Rows.CommitAsync(Instance, [Event(body, lane, subscribers)], Ct);

    public static AppendEvent Event(string body, string lane = "", params string[] subscribers) => new()
    {
        EventId = Guid.NewGuid().ToString(),
        InstanceName = "sales",
        Name = "messages.upsert",
        Body = Encoding.UTF8.GetBytes(body),
        Lane = lane,
        Subscribers = subscribers.Length == 0 ? [Webhook] : subscribers,
        Trace = "trace-1",
    };

    /// <summary>Claims what can go now; fails when nothing can within five seconds.</summary>
    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(int max = 100)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        return await Outbox.ClaimAsync(max, limit.Token);
    }

    /// <summary>Whether nothing can be claimed now: a claim that has not come back by the time a later, certain one has.</summary>
    public async Task AssertNothingToClaimAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var claim = Outbox.ClaimAsync(100, limit.Token);
        await AppendAsync("probe", Guid.NewGuid().ToString(), "probe");
        var probe = Assert.Single(await claim.WaitAsync(TimeSpan.FromSeconds(5), Ct));
        Assert.Equal("probe", BodyOf(probe));
        await Outbox.CompleteAsync(probe, Ct);
    }

    public static string BodyOf(ClaimedDelivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    public async Task<long> CountAsync(string table) => (await Storage.CountRowsAsync())[table];

    public ValueTask DisposeAsync() => Storage.DisposeAsync();

    private async Task StartOutboxAsync()
    {
        Outbox = new EventOutbox(Storage.Database, options, NullLoggerFactory.Instance);
        await Outbox.LoadAsync(Ct);
    }
}
