using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Media;
using Evolution.Storage.Outbox;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>Makes one attempt to deliver one event over pooled connections.</summary>
internal sealed class WebhookSender : IDisposable
{
    private static readonly ProductInfoHeaderValue Agent = new("Evolution-dotnet", ProductVersion.Program);
    private readonly WebhookOptions options;
    private readonly EventMedia media;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    public WebhookSender(WebhookOptions options, EventMedia media, TimeProvider time)
    {
        this.options = options;
        this.media = media;
        this.time = time;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = true,
            MaxAutomaticRedirections = 5,
            // Receivers behind a name that moves are found again; idle ones cost nothing.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            ConnectTimeout = options.RequestTimeout,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Posts the body; never throws for what the receiver or the network does.</summary>
    public async Task<WebhookOutcome> SendAsync(WebhookTarget target, ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(target.Url, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            return new WebhookOutcome(null, "the address is not an HTTP address");
        var body = await media.BodyOfAsync(delivery, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.RequestTimeout);
        try
        {
            using var request = await RequestAsync(address, target, delivery, body, limit.Token);
            // The answer's body is of no interest: reading it would let a receiver hold the connection.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new WebhookOutcome((int)response.StatusCode, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookOutcome(null, $"no answer within {options.RequestTimeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or FormatException)
        {
            return new WebhookOutcome(null, e.Message);
        }
    }

    public void Dispose() => http.Dispose();

    private async ValueTask<HttpRequestMessage> RequestAsync(
        Uri address, WebhookTarget target, ClaimedDelivery delivery, JsonBody body, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var content = new WebhookContent(body);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Accept.ParseAdd("application/json, text/plain, */*");
        request.Headers.UserAgent.Add(Agent);
        var timestamp = now.ToUnixTimeSeconds();
        request.Headers.Add("webhook-id", delivery.EventId);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        if (target.Secret is { Length: > 0 } secret)
            request.Headers.Add("webhook-signature", await WebhookSignature.OfAsync(secret, delivery.EventId, timestamp, body, cancellationToken));
        if (delivery.Trace is { } trace)
            request.Headers.TryAddWithoutValidation(CorrelationHeader.Name, trace);
        foreach (var (name, value) in target.Headers)
        {
            // The plain Contains throws for a header of the content, such as the Content-Type that many receivers are given.
            if (request.Headers.NonValidated.Contains(name))
                request.Headers.Remove(name);
            if (request.Headers.TryAddWithoutValidation(name, value))
                continue;
            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, value);
        }

        if (target.JwtKey is { } key)
        {
            request.Headers.Remove("Authorization");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {WebhookJwt.Create(key, now)}");
        }

        return request;
    }
}
