using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages;

/// <summary>
/// Lets each kind of warning through twenty times a minute; the first one after that minute says how many were left out. What strangers send, or a
/// session that has come apart, can cause as many as there are messages.
/// </summary>
internal sealed class CalmLogger<T>(ILogger<T> inner, TimeProvider time) : ILogger<T>
{
    private const int MostPerPeriod = 20;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // As many as there are kinds, which are written in the code.
    private readonly ConcurrentDictionary<int, Tally> tallies = [];

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
        {
            if (!tallies.GetOrAdd(eventId.Id, static _ => new Tally()).TryTake(time, out var leftOut))
                return;
            if (leftOut > 0)
                inner.LeftOut(leftOut, eventId.Name);
        }

        inner.Log(logLevel, eventId, state, exception, formatter);
    }

    private sealed class Tally
    {
        private readonly Lock gate = new();
        private long began;
        private int taken;
        private long refused;

        /// <summary>Whether one more may be said; if so, how many could not before.</summary>
        public bool TryTake(TimeProvider time, out long leftOut)
        {
            lock (gate)
            {
                leftOut = 0;
                if (taken == 0 || time.GetElapsedTime(began) >= Period)
                {
                    (leftOut, refused, taken, began) = (refused, 0, 0, time.GetTimestamp());
                }

                if (taken == MostPerPeriod)
                {
                    refused++;
                    return false;
                }

                taken++;
                return true;
            }
        }
    }
}
