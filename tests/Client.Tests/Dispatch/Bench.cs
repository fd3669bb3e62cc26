using System.Collections.Concurrent;
using System.Threading.Channels;
using Evolution.Client.Connection;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Client.Tests.Dispatch;

/// <summary>A router with a handler the test writes, a store that fails when told, and a list of what is sent.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly TaskCompletionSource<ConnectionEnd> end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Bench()
    {
    }

    public FailingStore Store { get; } = new();

    public RecordedChannel Channel { get; } = new();

    public TestHandler Handler { get; } = new();

    public StanzaRouter Router { get; private set; } = null!;

    public static async Task<Bench> CreateAsync()
    {
        var bench = new Bench();
        var store = new CachedDeviceStore(bench.Store);
        var context = new ClientContext
        {
            Options = new WhatsAppClientOptions(),
            Store = store,
            State = new DeviceState(store, TimeProvider.System),
            Channel = bench.Channel,
            Ratchets = new RatchetLocks(),
            Handler = (_, _, _) => ValueTask.CompletedTask,
            Background = new BackgroundWork(NullLogger.Instance),
            Clock = new ServerClock(TimeProvider.System),
            Time = TimeProvider.System,
            Loggers = NullLoggerFactory.Instance,
        };
        await context.State.EnsureLoadedAsync(CancellationToken.None);
        bench.Store.Commits = 0;
        bench.Router = new StanzaRouter(context, new HandlerTable([bench.Handler]), bench.Channel, e => bench.end.TrySetResult(e));
        return bench;
    }

    public Task<ConnectionEnd> EndAsync(CancellationToken ct) => end.Task.WaitAsync(TimeSpan.FromSeconds(10), ct);

    public static Node Message(int id, string from) => new("message", new NodeAttributes { { "id", $"{id}" }, { "from", from }, { "type", "text" } });

    public async ValueTask DisposeAsync() => await Router.DisposeAsync();

    public sealed class TestHandler : IStanzaHandler
    {
        public string Tag => "message";

        public Func<Stanza, DeviceWriteSet, ValueTask> OnHandle { get; set; } = (_, _) => ValueTask.CompletedTask;

        public ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct) => OnHandle(stanza, writes);
    }

    public sealed class RecordedChannel : IStanzaChannel
    {
        private readonly Channel<Node> sent = System.Threading.Channels.Channel.CreateUnbounded<Node>();
        private int ids;

        public ConcurrentQueue<Node> Sent { get; } = new();

        public bool IsOpen => true;

        public string NextId() => $"t{Interlocked.Increment(ref ids)}";

        public Task<Node> QueryAsync(Node iq, TimeSpan? timeout, CancellationToken ct) => throw new ConnectionLostException();

        public ValueTask SendAsync(Node node, CancellationToken ct)
        {
            Sent.Enqueue(node);
            sent.Writer.TryWrite(node);
            return ValueTask.CompletedTask;
        }

        public Task<Node> SendForAckAsync(Node node, string ackId, TimeSpan timeout, CancellationToken ct) => throw new ConnectionLostException();

        public async Task<List<Node>> TakeAsync(int count, CancellationToken ct)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            var taken = new List<Node>();
            while (taken.Count < count)
                taken.Add(await sent.Reader.ReadAsync(limit.Token));
            return taken;
        }
    }
}
