using System.Net;
using System.Net.Http.Headers;
using Evolution.Gateway.Media;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>A <see cref="JsonBody"/> on its way to a receiver.</summary>
internal sealed class WebhookContent : HttpContent
{
    private readonly JsonBody body;

    public WebhookContent(JsonBody body)
    {
        this.body = body;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => body.CopyToAsync(stream, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        body.CopyToAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
