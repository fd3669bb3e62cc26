using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Evolution.Gateway.Tests.Support;

/// <summary>Keeps what is logged, in order, so that a test can look at it and wait for it.</summary>
internal sealed class RecordedLog : ILoggerFactory
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private TaskCompletionSource news = NewSignal();

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (gate)
                return [.. entries];
        }
    }

    /// <summary>Waits for an entry behind the first <paramref name="after"/> that fulfils the condition; it may have come already.</summary>
    public async Task<Entry> WaitAsync(Func<Entry, bool> condition, int after, CancellationToken cancellationToken)
    {
        var limit = Task.Delay(Limit, cancellationToken);
        while (true)
        {
            Task changed;
            lock (gate)
            {
                changed = news.Task;
                if (entries.Skip(after).FirstOrDefault(condition) is { } found)
                    return found;
            }

            if (await Task.WhenAny(changed, limit) == limit)
                throw new TimeoutException($"No such line within {Limit.TotalSeconds} s. Logged:\n{string.Join('\n', Entries.Skip(after))}");
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void Add(Entry entry)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            entries.Add(entry);
            signal = news;
            news = NewSignal();
        }

        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="Correlation">What the log line would show as its correlation.</param>
    internal sealed record Entry(string Category, LogLevel Level, EventId Event, string Text, Exception? Exception, string? Correlation)
    {
        public override string ToString() => $"{Level} {Category}[{Event.Id}] {Text} {Exception?.Message}";
    }

    private sealed class Logger(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Add(new Entry(category, logLevel, eventId, formatter(state, exception), exception, Activity.Current?.TraceId.ToHexString()));
        }
    }
}
