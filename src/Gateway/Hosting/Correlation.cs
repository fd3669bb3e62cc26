using System.Diagnostics;
using Evolution.Client;

namespace Evolution.Gateway.Hosting;

/// <summary>
/// One id for everything that a request or an incoming stanza leads to: it is the trace id of the running activity, stands in each log line and
/// travels with the events.
/// </summary>
internal static class Correlation
{
    /// <summary>Has an activity begun for each stanza that comes in, until the result is disposed.</summary>
    public static IDisposable FollowStanzas()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == WhatsAppClient.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>Goes on with what was stored with an event; null when nothing was.</summary>
    public static Activity? Resume(string? trace, string name) => trace is { Length: 32 }
        ? new Activity(name).SetParentId(ActivityTraceId.CreateFromString(trace), ActivitySpanId.CreateRandom()).Start()
        : null;
}
