using System.Buffers;
using System.Net;
using System.Net.WebSockets;

namespace Evolution.Client.Connection;

/// <summary>Bytes over a WebSocket; knows no framing. One reader and one writer at a time.</summary>
internal sealed class WebSocketTransport : IAsyncDisposable
{
    /// <summary>WhatsApp Web's origin, without which the server refuses (whatsmeow, socket/constants.go).</summary>
    private const string Origin = "https://web.whatsapp.com";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly ClientWebSocket socket;
    private readonly TimeProvider time;
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);

    private WebSocketTransport(ClientWebSocket socket, TimeProvider time)
    {
        this.socket = socket;
        this.time = time;
    }

    /// <exception cref="TimeoutException">The server did not answer within 20 s.</exception>
    /// <exception cref="WebSocketException">The connection could not be made.</exception>
    public static async Task<WebSocketTransport> ConnectAsync(Uri url, IWebProxy? proxy, TimeProvider time, CancellationToken ct)
    {
        var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Origin", Origin);
        client.Options.Proxy = proxy;
        // WhatsApp has its own keep-alive; control frames of ours would only make us look different.
        client.Options.KeepAliveInterval = TimeSpan.Zero;
        using var deadline = new CancellationTokenSource(ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await client.ConnectAsync(url, both.Token).ConfigureAwait(false);
            return new WebSocketTransport(client, time);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            client.Dispose();
            throw new TimeoutException($"No answer from {url.Host} within {ConnectTimeout.TotalSeconds} s.", e);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends the bytes as one binary message.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, ct);

    /// <summary>The next bytes, valid until the next call; empty when the other side closed.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken ct)
    {
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), ct).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
                return ReadOnlyMemory<byte>.Empty;
            if (received.Count > 0)
                return buffer.AsMemory(0, received.Count);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var deadline = new CancellationTokenSource(CloseTimeout, time);
            try
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
            {
                // The other side is gone already: there is nobody left to say goodbye to.
            }
        }

        socket.Dispose();
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }
}
