using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Evolution.Load;

/// <summary>A webhook receiver that answers 200 at once and notes which messages arrived, and when those of the simulator's load did.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private const string SentMark = ", sent ";
    private readonly WebApplication web;
    private readonly Lock gate = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly List<TimeSpan> latencies = [];
    private DateTimeOffset firstSent = DateTimeOffset.MaxValue;
    private DateTimeOffset lastArrived = DateTimeOffset.MinValue;
    private int doubled;
    private long requests;

    private WebhookReceiver(WebApplication web) => this.web = web;

    public Uri Address => new(web.Urls.First() + "/hook");

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver.web.Run(receiver.TakeAsync);
        await receiver.web.StartAsync();
        return receiver;
    }

    /// <summary>Forgets what arrived.</summary>
    public void Clear()
    {
        lock (gate)
        {
            seen.Clear();
            ids.Clear();
            latencies.Clear();
            (firstSent, lastArrived, doubled, requests) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue, 0, 0);
        }
    }

    /// <summary>Waits until so many different load messages are here.</summary>
    /// <exception cref="TimeoutException">They did not all come.</exception>
    public async Task<Arrivals> WaitAsync(int count, TimeSpan limit)
    {
        for (var until = TimeProvider.System.GetUtcNow() + limit; TimeProvider.System.GetUtcNow() < until;)
        {
            lock (gate)
            {
                if (seen.Count >= count)
                    return new Arrivals(seen.Count, doubled, requests, lastArrived - firstSent, [.. latencies.Order()]);
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"{seen.Count} of {count} messages arrived within {limit}");
    }

    /// <summary>Waits until the message with this id is here.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task WaitForAsync(string id, TimeSpan limit)
    {
        for (var until = TimeProvider.System.GetUtcNow() + limit; TimeProvider.System.GetUtcNow() < until;)
        {
            lock (gate)
            {
                if (ids.Contains(id))
                    return;
            }

            await Task.Delay(2);
        }

        throw new TimeoutException($"The message {id} did not arrive within {limit}");
    }

    public async ValueTask DisposeAsync() => await web.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var now = TimeProvider.System.GetUtcNow();
        var root = body.RootElement;
        lock (gate)
        {
            requests++;
            if (!root.GetProperty("event").ValueEquals("messages.upsert"))
                return;
            var data = root.GetProperty("data");
            var id = data.GetProperty("key").GetProperty("id").GetString()!;
            ids.Add(id);
            if (SentAt(data) is { } sent)
                Note(id, sent, now);
        }
    }

    private void Note(string id, DateTimeOffset sent, DateTimeOffset now)
    {
        if (!seen.Add(id))
        {
            doubled++;
            return;
        }

        latencies.Add(now - sent);
        firstSent = sent < firstSent ? sent : firstSent;
        lastArrived = now;
    }

    private static DateTimeOffset? SentAt(JsonElement data) =>
        data.GetProperty("message").TryGetProperty("conversation", out var value) && value.GetString() is { } text
            && text.IndexOf(SentMark, StringComparison.Ordinal) is var at and >= 0
            ? DateTimeOffset.ParseExact(text[(at + SentMark.Length)..], "O", CultureInfo.InvariantCulture)
            : null;
}
