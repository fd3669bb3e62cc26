using System.Buffers;
using System.Net.WebSockets;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Noise;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Connection;

/// <summary>
/// One socket's life: handshake, read loop, serialised writes, waiters, keep-alive. It knows no feature and never reconnects.
/// Answers complete their waiters on the read loop, before anything is queued, so that whoever handles a stanza may await an answer.
/// </summary>
internal sealed partial class WhatsAppConnection : IStanzaChannel, IAsyncDisposable
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(60);

    private readonly WebSocketTransport transport;
    private readonly FrameReader frames = new();
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly StanzaIds ids = new();
    private readonly StanzaWaiters waiters = new();
    private readonly SemaphoreSlim writeTurn = new(1, 1);
    private readonly ArrayBufferWriter<byte> output = new(4096);
    private readonly CancellationTokenSource ended = new();
    private readonly TaskCompletionSource<ConnectionEnd> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NoiseCipher? cipher;
    private long lastReceived;

    private WhatsAppConnection(WebSocketTransport transport, TimeProvider time, ILogger log)
    {
        this.transport = transport;
        this.time = time;
        this.log = log;
        lastReceived = time.GetTimestamp();
    }

    public bool IsOpen => cipher is not null && !end.Task.IsCompleted;

    /// <summary>Signalled when the connection has ended.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>Completes when the connection has ended, with the first cause.</summary>
    public Task<ConnectionEnd> Completion => end.Task;

    /// <summary>Connects and shakes hands.</summary>
    /// <param name="options">Where, through what, trusting whom.</param>
    /// <param name="noiseKey">The device's static key.</param>
    /// <param name="routingInfo">Edge routing from the last connection; empty for none.</param>
    /// <param name="clientPayload">The serialised login or registration.</param>
    /// <exception cref="NoiseException">The server's certificate is not to be trusted, or the handshake is broken.</exception>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    /// <exception cref="WebSocketException">The connection could not be made, or was closed meanwhile.</exception>
    public static async Task<WhatsAppConnection> OpenAsync(
        WhatsAppClientOptions options,
        KeyPair noiseKey,
        ReadOnlyMemory<byte> routingInfo,
        ReadOnlyMemory<byte> clientPayload,
        TimeProvider time,
        ILogger log,
        CancellationToken ct)
    {
        var socket = await WebSocketTransport.ConnectAsync(options.WebSocketUrl, options.Proxy, time, ct).ConfigureAwait(false);
        var connection = new WhatsAppConnection(socket, time, log);
        try
        {
            var handshake = new NoiseInitiator(noiseKey, options.NoiseRoot, time.GetUtcNow());
            await connection.ShakeHandsAsync(handshake, routingInfo, clientPayload, ct).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ShakeHandsAsync(
        NoiseInitiator handshake, ReadOnlyMemory<byte> routingInfo, ReadOnlyMemory<byte> clientPayload, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(HandshakeTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            // The stream header and the first frame leave in the same WebSocket message.
            output.Write(FrameWriter.StreamHeader(routingInfo.Span));
            FrameWriter.WriteFrame(output, handshake.WriteClientHello());
            await FlushAsync(both.Token).ConfigureAwait(false);

            var serverHello = await ReadFrameAsync(both.Token).ConfigureAwait(false);
            FrameWriter.WriteFrame(output, handshake.ReadServerHello(serverHello.Span, clientPayload.Span));
            await FlushAsync(both.Token).ConfigureAwait(false);
            cipher = handshake.Split();
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The handshake did not finish within {HandshakeTimeout.TotalSeconds} s.", e);
        }
    }

    /// <summary>
    /// Reads until the connection ends. Every stanza that answers nobody goes to <paramref name="route"/>; reading goes on when it returns,
    /// so it must queue and not handle.
    /// </summary>
    public async Task<ConnectionEnd> RunAsync(Func<Node, ValueTask> route, CancellationToken ct)
    {
        using var stop = ct.UnsafeRegister(static state => ((WhatsAppConnection)state!).Close(ConnectionEnd.Stopped), this);
        var keepAlive = KeepAliveAsync();
        try
        {
            while (!ended.IsCancellationRequested)
            {
                var frame = await ReadFrameAsync(ended.Token).ConfigureAwait(false);
                Volatile.Write(ref lastReceived, time.GetTimestamp());
                var node = NodeReader.Decode(cipher!.Decrypt(frame.Span));
                if (log.IsEnabled(LogLevel.Trace))
                    ConnectionLog.Received(log, node);
                if (!await AnswerAsync(node).ConfigureAwait(false))
                    await route(node).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Close has set the cause.
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException)
        {
            Close(ConnectionEnd.Closed(e.Message));
        }
        catch (Exception e) when (e is NoiseException or FrameFormatException or NodeFormatException or System.Security.Cryptography.CryptographicException)
        {
            ConnectionLog.Unreadable(log, e);
            Close(ConnectionEnd.Closed("the server sent bytes that can't be read"));
        }
        catch (Exception e)
        {
            ConnectionLog.ReadLoopFailed(log, e);
            Close(new ConnectionEnd(EndKind.StoreFailed, 500, $"a stanza could not be queued: {e.GetType().Name}"));
        }

        await keepAlive.ConfigureAwait(false);
        return await end.Task.ConfigureAwait(false);
    }

    /// <summary>Ends the connection; the first cause wins.</summary>
    public void Close(ConnectionEnd cause)
    {
        if (!end.TrySetResult(cause))
            return;
        waiters.Close(cause.Text);
        ended.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Close(ConnectionEnd.Stopped);
        await transport.DisposeAsync().ConfigureAwait(false);
        cipher?.Dispose();
        // The semaphore and the token source stay: whoever still waits for a turn must find that the connection has ended.
    }

    private async ValueTask<bool> AnswerAsync(Node node)
    {
        switch (node.Tag)
        {
            case "iq" when node["type"] is "result" or "error":
                if (node["id"] is { } answered)
                    waiters.Complete(answered, node);
                return true;
            case "iq" when node["xmlns"] == "urn:xmpp:ping":
                await SendAsync(ConnectionStanzas.Pong(node), ended.Token).ConfigureAwait(false);
                return true;
            case "ack" when node["id"] is { } acked:
                // The ack also goes to its chat's lane: the status must be stored even when nobody waits any more.
                waiters.Complete(acked, node);
                return false;
            default:
                return false;
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadFrameAsync(CancellationToken ct)
    {
        ReadOnlyMemory<byte> frame;
        while (!frames.TryRead(out frame))
        {
            var chunk = await transport.ReceiveAsync(ct).ConfigureAwait(false);
            if (chunk.IsEmpty)
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, "the server closed the connection");
            frames.Append(chunk.Span);
        }

        return frame;
    }

    private async Task KeepAliveAsync()
    {
        // As Baileys, src/Socket/socket.ts, startKeepAliveRequest: a ping every 30 s; lost when nothing at all came for 35 s.
        var interval = TimeSpan.FromSeconds(30);
        var silence = TimeSpan.FromSeconds(35);
        try
        {
            while (true)
            {
                await Task.Delay(interval, time, ended.Token).ConfigureAwait(false);
                if (time.GetElapsedTime(Volatile.Read(ref lastReceived)) > silence)
                {
                    Close(ConnectionEnd.Silent);
                    return;
                }

                // The answer only matters as a sign of life, which the read loop notices.
                await SendAsync(ConnectionStanzas.Ping(NextId()), ended.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionLostException)
        {
            // The connection has ended, and its cause is known.
        }
    }
}
