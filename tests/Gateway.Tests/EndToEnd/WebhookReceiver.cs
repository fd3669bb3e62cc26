using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Evolution.Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>
/// A receiver of webhooks that keeps what came, in order. Every body is held to <see cref="EventShapes"/>: one that differs fails the test, at the
/// latest when the receiver goes.
/// </summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly WebApplication _app;
    private readonly List<JsonObject> _events = [];
    private readonly List<string> _differences = [];
    private readonly Lock _lock = new();
    private readonly Action<HttpRequest, JsonObject>? _observe;
    private TaskCompletionSource _news = NewSignal();

    private WebhookReceiver(WebApplication app, Action<HttpRequest, JsonObject>? observe) => (_app, _observe) = (app, observe);

    public Uri Url => new(new Uri(_app.Urls.First()), "/hook");

    /// <summary>
    /// The statuses of the next answers to <c>messages.upsert</c>, taken once each; 200 when there is none left. Other events are always answered with
    /// 200: some of them may still be on their way from before.
    /// </summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    /// <summary>Runs before each event is answered; null for nothing.</summary>
    public Func<JsonObject, Task>? BeforeAnswer { get; set; }

    /// <param name="observe">Told of every request that is answered with 200, before it is.</param>
    public static async Task<WebhookReceiver> StartAsync(CancellationToken cancellationToken, int port = 0, Action<HttpRequest, JsonObject>? observe = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app, observe);
        app.MapPost("/hook/{**rest}", receiver.TakeAsync);
        await app.StartAsync(cancellationToken);
        return receiver;
    }

    public IReadOnlyList<JsonObject> Events
    {
        get
        {
            lock (_lock) return [.. _events];
        }
    }

    /// <summary>Waits for an event of the name that fulfils the condition, also one that has already come.</summary>
    public Task<JsonObject> WaitAsync(string name, Func<JsonNode, bool>? condition, CancellationToken cancellationToken) =>
        WaitForAsync(e => (string?)e["event"] == name && (condition is null || (e["data"] is { } data && condition(data))), 0, cancellationToken, name);

    /// <summary>Waits for an event behind the first <paramref name="after"/> that fulfils the condition, also one that has already come.</summary>
    public async Task<JsonObject> WaitForAsync(Func<JsonObject, bool> condition, int after, CancellationToken cancellationToken, [CallerArgumentExpression(nameof(condition))] string wanted = "")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            Task news;
            lock (_lock)
            {
                news = _news.Task;
                Assert.Empty(_differences);
                if (_events.Skip(after).FirstOrDefault(condition) is { } found) return found;
            }

            try
            {
                await news.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"No {wanted} within {Limit.TotalSeconds} s. Came: {string.Join(", ", Events.Skip(after).Select(x => x["event"]))}", e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        lock (_lock) Assert.Empty(_differences);
    }

    private async Task TakeAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body, documentOptions: RunningGateway.DeepJson))!.AsObject();
        Check(context.Request, body);
        if (BeforeAnswer is { } wait) await wait(body);
        var status = (string?)body["event"] == "messages.upsert" && Answers.TryDequeue(out var wanted) ? wanted : 200;
        context.Response.StatusCode = status;
        if (status != 200) return;
        _observe?.Invoke(context.Request, body);
        TaskCompletionSource news;
        lock (_lock)
        {
            _events.Add(body);
            news = _news;
            _news = NewSignal();
        }

        news.SetResult();
    }

    private void Check(HttpRequest request, JsonObject body)
    {
        var differences = EventShapes.DifferencesOf(body).ToList();
        if (request.RouteValues["rest"] is string { Length: > 0 } rest && rest != ((string?)body["event"])?.Replace('.', '-'))
            differences.Add($"{body["event"]} came to …/{rest}");
        lock (_lock) _differences.AddRange(differences);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
