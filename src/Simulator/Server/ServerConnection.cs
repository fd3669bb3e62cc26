using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;
using Evolution.Proto;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Noise;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Relay;
using Microsoft.Extensions.Logging;

namespace Evolution.Simulator.Server;

/// <summary>
/// One client's socket: handshake, then a loop that reads stanzas and hands them to the world, and a loop that writes. The writer sends
/// answers first, then what waits in the device's queue; only it and <see cref="SendRawAsync"/> touch the socket, under one gate.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    private const int MaxControl = 4096;
    private static readonly TimeSpan s_handshakeLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_idleLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_closeLimit = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly SimulatedWorld _world;
    private readonly ILogger _log;
    private readonly Channel<Node> _control = Channel.CreateBounded<Node>(MaxControl);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Node>> _waiters = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _life;
    private readonly FrameReader _frames = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NoiseCipher? _cipher;
    private volatile bool _finishing;
    private volatile string _reason = "the client closed";
    private int _nextId;

    public ServerConnection(long id, WebSocket socket, SimulatedWorld world, CancellationToken stop)
    {
        Id = id;
        _socket = socket;
        _world = world;
        _log = world.Log;
        ConnectedAt = world.Time.GetUtcNow();
        _life = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    public long Id { get; }

    public DateTimeOffset ConnectedAt { get; }

    /// <summary>Who this is, after a login.</summary>
    public Device? Device { get; set; }

    /// <summary>What the client said of itself in the handshake.</summary>
    public ClientPayload? Payload { get; private set; }

    /// <summary>The client's noise static key.</summary>
    public ReadOnlyMemory<byte> NoiseKey { get; private set; }

    /// <summary>"XX", "IK" or "XXfallback".</summary>
    public string Handshake { get; private set; } = "";

    /// <summary>Whether the client asked for messages.</summary>
    public bool Active { get; set; }

    /// <summary>Whether the client announced itself as available.</summary>
    public bool Available { get; set; }

    /// <summary>What it was sent and answered.</summary>
    public AckLedger Acks { get; } = new();

    /// <summary>Ends when both loops have.</summary>
    public Task Ended => _ended.Task;

    public CancellationToken Aborted => _life.Token;

    /// <summary>Runs the connection to its end; never throws.</summary>
    public async Task RunAsync()
    {
        SimulatorLog.ConnectionOpened(_log, Id);
        Task writer = Task.CompletedTask;
        try
        {
            Payload = await ShakeHandsAsync().ConfigureAwait(false);
            if (_world.Options.FirstFrameDelay > TimeSpan.Zero)
                await Task.Delay(_world.Options.FirstFrameDelay, _world.Time, _life.Token).ConfigureAwait(false);
            writer = WriteLoopAsync();
            await _world.Login.AcceptAsync(this).ConfigureAwait(false);
            await ReadLoopAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            _reason = _finishing ? "the server closed" : e.Message;
        }
        catch (Exception e) when (e is FrameFormatException or NodeFormatException or NoiseException or Google.Protobuf.InvalidProtocolBufferException)
        {
            _reason = e.Message;
            _world.Violations.Report("bad-bytes", e.Message, Device?.PhoneJid);
        }
        catch (Exception e)
        {
            _reason = "an error in the simulator";
            SimulatorLog.ConnectionFailed(_log, Id, e);
        }

        await _life.CancelAsync().ConfigureAwait(false);
        await writer.ConfigureAwait(false);
        foreach (var waiter in _waiters.Values)
            waiter.TrySetCanceled();
        _world.Login.Forget(this);
        SimulatorLog.ConnectionEnded(_log, Id, _reason);
        _ended.SetResult();
    }

    /// <summary>Queues an answer. A client that lets 4,096 of them pile up is cut off.</summary>
    public void Post(Node node)
    {
        if (_control.Writer.TryWrite(node))
        {
            Wake();
            return;
        }

        SimulatorLog.Overflow(_log, Id, MaxControl);
        Abort("the client does not read");
    }

    /// <summary>Sends what is queued, then <paramref name="last"/> if any, then closes.</summary>
    public void Finish(Node? last, string reason)
    {
        if (last is not null)
            Post(last);
        _reason = reason;
        _finishing = true;
        Wake();
    }

    /// <summary>Drops the socket as a lost network would.</summary>
    public void Abort(string reason)
    {
        _reason = reason;
        _life.Cancel();
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>An id for a stanza that the server starts.</summary>
    public string NextId() => $"{Id}-{Interlocked.Increment(ref _nextId)}";

    /// <summary>Sends an iq and waits for its result or error.</summary>
    public async Task<Node> QueryAsync(Node iq, TimeSpan limit, CancellationToken ct)
    {
        var id = iq["id"] ?? throw new ArgumentException("An iq needs an id.", nameof(iq));
        var waiter = new TaskCompletionSource<Node>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters[id] = waiter;
        try
        {
            Post(iq);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _life.Token);
            return await waiter.Task.WaitAsync(limit, _world.Time, either.Token).ConfigureAwait(false);
        }
        finally
        {
            _waiters.TryRemove(id, out _);
        }
    }

    /// <summary>Hands a result to its waiter; false when nobody asked.</summary>
    public bool Complete(Node result) => result["id"] is { } id && _waiters.TryGetValue(id, out var waiter) && waiter.TrySetResult(result);

    /// <summary>Puts bytes on the socket as they are. For faults only.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _gate.WaitAsync(_life.Token).ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, _life.Token).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _life.Dispose();
        _gate.Dispose();
        _socket.Dispose();
    }

    private async Task<ClientPayload> ShakeHandsAsync()
    {
        using var limit = new CancellationTokenSource(s_handshakeLimit, _world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _life.Token);
        while (!_frames.TryReadStreamHeader(out _))
            await FillAsync(either.Token).ConfigureAwait(false);

        var forged = _world.Interceptor?.ForgedCertificate(_world.Keys);
        var resumable = forged is null && (_world.Interceptor?.AcceptsResumption ?? true);
        var responder = new NoiseResponder(_world.Keys.Static, forged ?? _world.Keys.Chain, resumable);
        var step = responder.ReadClientHello((await ReadFrameAsync(either.Token).ConfigureAwait(false)).Span);
        await SendFrameAsync(step.Reply, either.Token).ConfigureAwait(false);
        var payload = step.ClientPayload ?? responder.ReadClientFinish((await ReadFrameAsync(either.Token).ConfigureAwait(false)).Span);
        Handshake = step.Pattern.ToString();
        NoiseKey = responder.RemoteStatic;
        _cipher = responder.Split();
        return ClientPayload.Parser.ParseFrom(payload);
    }

    private async Task ReadLoopAsync()
    {
        using var idle = new CancellationTokenSource(s_idleLimit, _world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, _life.Token);
        while (true)
        {
            var frame = await ReadFrameAsync(either.Token).ConfigureAwait(false);
            idle.CancelAfter(s_idleLimit);
            if (_finishing)
                continue;
            var node = NodeReader.Decode(_cipher!.Decrypt(frame.Span));
            if (_world.Interceptor is not { } interceptor)
            {
                await _world.Router.RouteAsync(this, node).ConfigureAwait(false);
                continue;
            }

            foreach (var passed in await interceptor.InterceptAsync(this, StanzaDirection.In, node, _life.Token).ConfigureAwait(false))
                await _world.Router.RouteAsync(this, passed).ConfigureAwait(false);
        }
    }

    private async Task WriteLoopAsync()
    {
        try
        {
            while (true)
            {
                while (NextOutbound() is { } node)
                    await WriteAsync(node).ConfigureAwait(false);
                if (_finishing)
                {
                    await CloseAsync().ConfigureAwait(false);
                    return;
                }

                await _wake.Reader.ReadAsync(_life.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // The socket is gone; the read loop sees it too and says why.
            await _life.CancelAsync().ConfigureAwait(false);
        }
    }

    private Node? NextOutbound()
    {
        if (_control.Reader.TryRead(out var node))
            return node;
        if (!Active || _finishing || Device?.Queue.Next(this) is not { } entry)
            return null;
        return entry is { Offline: true, Seq: not 0 } ? entry.Node.With("offline", "1") : entry.Node;
    }

    private async Task WriteAsync(Node node)
    {
        if (_world.Interceptor is not { } interceptor)
        {
            await SendNodeAsync(node).ConfigureAwait(false);
            return;
        }

        foreach (var passed in await interceptor.InterceptAsync(this, StanzaDirection.Out, node, _life.Token).ConfigureAwait(false))
            await SendNodeAsync(passed).ConfigureAwait(false);
    }

    private async Task SendNodeAsync(Node node)
    {
        await _gate.WaitAsync(_life.Token).ConfigureAwait(false);
        try
        {
            // The answer may come before the write returns.
            Acks.Sent(node, _world.Time.GetUtcNow());
            await SendFrameAsync(_cipher!.Encrypt(NodeWriter.Encode(node)), _life.Token).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task SendFrameAsync(byte[] payload, CancellationToken ct)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>(payload.Length + 3);
        FrameWriter.WriteFrame(output, payload);
        await _socket.SendAsync(output.WrittenMemory, WebSocketMessageType.Binary, true, ct).ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(s_closeLimit, _world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _life.Token);
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, either.Token).ConfigureAwait(false);

        // Cutting the socket now could take the last frames back: the client gets a moment to close its side.
        _life.CancelAfter(s_closeLimit);
    }

    private async Task<ReadOnlyMemory<byte>> ReadFrameAsync(CancellationToken ct)
    {
        ReadOnlyMemory<byte> frame;
        while (!_frames.TryRead(out frame))
            await FillAsync(ct).ConfigureAwait(false);
        return frame;
    }

    private async Task FillAsync(CancellationToken ct)
    {
        var result = await _socket.ReceiveAsync(_buffer.AsMemory(), ct).ConfigureAwait(false);
        if (result.MessageType == WebSocketMessageType.Close)
            throw new WebSocketException("the client closed");
        _frames.Append(_buffer.AsSpan(0, result.Count));
    }
}
