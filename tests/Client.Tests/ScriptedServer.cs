using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Threading.Channels;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Noise;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Tests;

/// <summary>
/// A server over real sockets and a real handshake that does nothing by itself: the test reads and writes its stanzas.
/// For what a well-behaved server never does; everything else is tested against the simulator.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly KeyPair root = KeyPair.Generate();
    private readonly KeyPair serverKey = KeyPair.Generate();
    private readonly Channel<Peer> accepted = Channel.CreateUnbounded<Peer>();

    private ScriptedServer(WebApplication app) => this.app = app;

    public NoiseRoot Root => new(root.PublicKey);

    public Uri Url { get; private set; } = null!;

    public static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var web = builder.Build();
        var server = new ScriptedServer(web);
        web.UseWebSockets();
        web.Run(server.AcceptAsync);
        await web.StartAsync();
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Url = new Uri(address.Replace("http:", "ws:", StringComparison.Ordinal) + "/ws/chat");
        return server;
    }

    /// <summary>The next client that finished its handshake.</summary>
    public async Task<Peer> NextAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        return await accepted.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(true));
        await app.DisposeAsync();
    }

    private async Task AcceptAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var now = DateTimeOffset.UnixEpoch;
        var chain = NoiseCertificates.Issue(root, KeyPair.Generate(), serverKey.PublicKey.Span, now, now.AddYears(200));
        var handshake = new NoiseResponder(serverKey, chain);
        await using var peer = new Peer(socket);
        try
        {
            peer.Origin = http.Request.Headers.Origin;
            var hello = await peer.ReadFirstFrameAsync();
            await peer.WriteFrameAsync(handshake.ReadClientHello(hello.Span).Reply);
            peer.Payload = ClientPayload.Parser.ParseFrom(handshake.ReadClientFinish((await peer.ReadFrameAsync())!.Value.Span));
            peer.Cipher = handshake.Split();
            await accepted.Writer.WriteAsync(peer);
            await peer.PumpAsync();
        }
        catch (Exception e) when (e is WebSocketException or IOException or NoiseException)
        {
            // The client left, or did not trust us.
        }
    }

    public sealed class Peer(WebSocket socket) : IAsyncDisposable
    {
        private readonly FrameReader frames = new();
        private readonly byte[] buffer = new byte[16 * 1024];
        private readonly Channel<Node> received = Channel.CreateUnbounded<Node>();
        private readonly SemaphoreSlim turn = new(1, 1);
        private bool headerRead;

        public string? Origin { get; set; }

        public StreamHeader? Header { get; private set; }

        public ClientPayload Payload { get; set; } = null!;

        public NoiseCipher Cipher { get; set; } = null!;

        /// <summary>The next stanza; null when the client closed.</summary>
        public async Task<Node?> ReadAsync(CancellationToken ct)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            return await received.Reader.WaitToReadAsync(limit.Token) ? await received.Reader.ReadAsync(limit.Token) : null;
        }

        public async Task<Node> ExpectAsync(string tag, CancellationToken ct) =>
            await ReadAsync(ct) is { } node && node.Tag == tag ? node : throw new InvalidOperationException($"No {tag} came.");

        public async Task WriteAsync(Node node)
        {
            await turn.WaitAsync();
            try
            {
                await WriteFrameAsync(Cipher.Encrypt(NodeWriter.Encode(node)));
            }
            finally
            {
                turn.Release();
            }
        }

        public Task CloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        internal async Task PumpAsync()
        {
            try
            {
                while (await ReadFrameAsync() is { } frame)
                    received.Writer.TryWrite(NodeReader.Decode(Cipher.Decrypt(frame.Span)));
            }
            finally
            {
                received.Writer.TryComplete();
            }
        }

        internal async Task<ReadOnlyMemory<byte>> ReadFirstFrameAsync() =>
            await ReadFrameAsync() ?? throw new WebSocketException("no hello");

        internal async Task<ReadOnlyMemory<byte>?> ReadFrameAsync()
        {
            while (true)
            {
                if (!headerRead && frames.TryReadStreamHeader(out var header))
                    (headerRead, Header) = (true, header);
                if (headerRead && frames.TryRead(out var frame))
                    return frame.ToArray();
                var result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                    return null;
                frames.Append(buffer.AsSpan(0, result.Count));
            }
        }

        internal async Task WriteFrameAsync(byte[] payload)
        {
            var output = new ArrayBufferWriter<byte>();
            FrameWriter.WriteFrame(output, payload);
            await socket.SendAsync(output.WrittenMemory, WebSocketMessageType.Binary, true, CancellationToken.None);
        }

        public ValueTask DisposeAsync()
        {
            received.Writer.TryComplete();
            turn.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
