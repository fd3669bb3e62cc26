using System.Collections.Concurrent;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>
/// Sees when a receiver is gone, so that its chats don't each use up attempts and connections to find out: after five failures in a row without an
/// answer, all of its deliveries rest until one probe is due.
/// </summary>
internal sealed class WebhookBreaker
{
    /// <summary>How long a receiver rests at most.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private const int Threshold = 5;
    private readonly ConcurrentDictionary<(string Subscriber, string InstanceId), int> failures = new();

    /// <summary>Notes an outcome; the answer is how long the receiver should rest, or null.</summary>
    public TimeSpan? Note(string subscriber, string instanceId, WebhookOutcome outcome)
    {
        if (outcome.Status is not null)
        {
            failures.TryRemove((subscriber, instanceId), out _);
            return null;
        }

        var count = failures.AddOrUpdate((subscriber, instanceId), 1, (_, before) => before + 1);
        if (count < Threshold)
            return null;
        var seconds = Math.Pow(2, Math.Min(count - Threshold, 10));
        return TimeSpan.FromSeconds(Math.Min(seconds, LongestRest.TotalSeconds));
    }
}
