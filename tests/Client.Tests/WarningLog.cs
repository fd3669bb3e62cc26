using Microsoft.Extensions.Logging;

namespace Evolution.Client.Tests;

/// <summary>Keeps what a client warns of.</summary>
internal sealed class WarningLog : ILoggerFactory, ILogger
{
    private readonly Lock gate = new();
    private readonly List<string> warnings = [];

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (gate)
                return [.. warnings];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (gate)
            warnings.Add(formatter(state, exception));
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
