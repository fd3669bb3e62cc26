using Evolution.Storage.Database;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Storage.Tests.Database;

public sealed class OutageLogTests
{
    private readonly FakeTimeProvider time = new();
    private readonly Lines lines = new();
    private readonly OutageLog log;

    public OutageLogTests() => log = new OutageLog(time, lines);

    [Fact]
    public void An_outage_is_told_when_it_begins_and_once_a_minute_with_all_that_was_refused()
    {
        for (var second = 0; second < 60; second++)
        {
            Refuse(StorageFailure.Full);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([1], lines.Ids);
        Refuse(StorageFailure.Full);
        Assert.Equal([1, 1], lines.Ids);
        Assert.Contains("60 write sets", lines.Texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_cause_is_told_at_once()
    {
        Refuse(StorageFailure.Full);
        Refuse(StorageFailure.Locked);

        Assert.Equal([1, 1], lines.Ids);
    }

    [Fact]
    public void It_is_over_when_nothing_was_refused_for_a_while_and_the_next_one_is_told_again()
    {
        Refuse(StorageFailure.Full);
        log.Written();
        Refuse(StorageFailure.Full);
        Assert.Equal([1], lines.Ids);

        time.Advance(OutageLog.OverAfter);
        log.Written();
        log.Written();
        Refuse(StorageFailure.Full);

        Assert.Equal([1, 2, 1], lines.Ids);
    }

    private void Refuse(StorageFailure failure) => log.Refused(failure, 1, new IOException("no"));

    private sealed class Lines : ILogger
    {
        public List<int> Ids { get; } = [];

        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Ids.Add(eventId.Id);
            Texts.Add(formatter(state, exception));
        }
    }
}
