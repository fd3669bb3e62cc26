using System.Security.Cryptography.X509Certificates;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Noise;
using Evolution.Simulator;

namespace Evolution.Client.Tests;

/// <summary>A client with its store, and the events it raised.</summary>
internal sealed class TestDevice : IAsyncDisposable
{
    private readonly RaisedEvents events = new();

    public TestDevice(ScriptedServer server, Func<WhatsAppClientOptions, WhatsAppClientOptions>? configure = null, TimeProvider? time = null, IDeviceStore? store = null)
        : this(new WhatsAppClientOptions { WebSocketUrl = server.Url, NoiseRoot = server.Root }, configure, time, store)
    {
    }

    public TestDevice(
        SimulatorHost simulator, Func<WhatsAppClientOptions, WhatsAppClientOptions>? configure = null, TimeProvider? time = null, InMemoryDeviceStore? store = null)
        : this(
            new WhatsAppClientOptions
            {
                WebSocketUrl = simulator.WebSocketUrl,
                NoiseRoot = new NoiseRoot(simulator.RootKey),
                MediaHandler = () => Trusting(simulator.MediaCa),
            },
            configure, time, store)
    {
    }

    private TestDevice(WhatsAppClientOptions options, Func<WhatsAppClientOptions, WhatsAppClientOptions>? configure, TimeProvider? time, IDeviceStore? store)
    {
        Store = store as InMemoryDeviceStore ?? new InMemoryDeviceStore(_ => { });
        Client = new WhatsAppClient(
            configure?.Invoke(options) ?? options,
            store ?? Store,
            (e, writes, ct) =>
            {
                // As an application would: what it is told counts once it is stored.
                writes.WhenCommitted(() => events.Add(e));
                return OnEvent?.Invoke(e, writes) ?? ValueTask.CompletedTask;
            },
            time ?? TimeProvider.System,
            new TestLog(Xunit.TestContext.Current.TestOutputHelper));
    }

    public WhatsAppClient Client { get; }

    public InMemoryDeviceStore Store { get; }

    public Func<WhatsAppEvent, DeviceWriteSet, ValueTask>? OnEvent { get; set; }

    public static Jid Phone { get; } = Jid.Parse("5511999990001:7@s.whatsapp.net");

    /// <summary>Stores an identity that looks paired, so that the client logs in at once.</summary>
    public async Task PairOfflineAsync(CancellationToken ct)
    {
        var credentials = DeviceCredentials.Create(TimeProvider.System.GetUtcNow()) with { Device = Phone, PushName = "Tester" };
        await Store.CommitAsync(new DeviceWriteSet { Credentials = credentials }, ct);
    }

    /// <inheritdoc cref="RaisedEvents.NextAsync"/>
    public Task<T> EventAsync<T>(CancellationToken ct, Func<T, bool>? condition = null)
        where T : WhatsAppEvent => events.NextAsync(condition, ct);

    /// <summary>The message with this id. Others stay to be asked for: only within a chat do messages come in order.</summary>
    public Task<MessageReceived> MessageAsync(string id, CancellationToken ct) => events.FoundAsync<MessageReceived>(e => e.Info.Id == id, ct);

    /// <summary>The news that this message has this status. Other news stay to be asked for.</summary>
    public Task<MessageStatusChanged> StatusAsync(string id, MessageStatus status, CancellationToken ct) =>
        events.FoundAsync<MessageStatusChanged>(e => e.Ids.Contains(id) && e.Status == status, ct);

    public Task<ConnectionChanged> StateAsync(ConnectionState state, CancellationToken ct) =>
        EventAsync<ConnectionChanged>(ct, e => e.Status.State == state);

    /// <summary>Answers the login's requests until the client is open; returns what it asked, in order.</summary>
    public static async Task<List<Node>> LogInAsync(ScriptedServer.Peer peer, CancellationToken ct)
    {
        await peer.WriteAsync(new Node("success", new NodeAttributes { { "t", "1700000000" }, { "lid", "99990001:7@lid" } }));
        var asked = new List<Node>();
        while (true)
        {
            var request = await peer.ReadAsync(ct) ?? throw new InvalidOperationException("The client left.");
            asked.Add(request);
            if (request.Tag != "iq")
                continue;
            await peer.WriteAsync(Answer(request));
            if (request.Child("digest") is not null)
                return asked;
        }
    }

    public static Node Answer(Node request, Node? content = null)
    {
        content ??= request.Child("count") is not null ? new Node("count", new NodeAttributes { { "value", "800" } }) : null;
        var attributes = new NodeAttributes { { "from", "s.whatsapp.net" }, { "type", "result" }, { "id", request["id"] } };
        return content is null ? new Node("iq", attributes) : new Node("iq", attributes, [content]);
    }

    /// <summary>Trusts the simulator's authority and nobody else.</summary>
    public static SocketsHttpHandler Trusting(string pem) => new()
    {
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(pem) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    public async ValueTask DisposeAsync() => await Client.DisposeAsync();
}
