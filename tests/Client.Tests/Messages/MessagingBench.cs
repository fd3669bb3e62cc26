using Evolution.Client.Connection;
using Evolution.Client.Dispatch;
using Evolution.Client.Messages;
using Evolution.Client.PreKeys;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Evolution.Client.Tests.Messages;

/// <summary>Our device with the real messaging, lanes and store, and a connection whose other end is the test.</summary>
internal sealed class MessagingBench : IAsyncDisposable
{
    public static readonly Jid OwnPhone = Jid.ForPhone("5511999990001");
    public static readonly Jid OwnLid = Jid.ForLid("111000111000111");

    private readonly LaneWorker worker;
    private readonly ClientContext context;
    private readonly PreKeyPool preKeys;
    private readonly Dictionary<string, int> asked = [];

    private MessagingBench(ClientContext context, PreKeyPool preKeys, InMemoryDeviceStore store, FakeChannel channel, List<WhatsAppEvent> events)
    {
        this.context = context;
        this.preKeys = preKeys;
        Store = store;
        Channel = channel;
        Events = events;
        Messaging = new Messaging(context, preKeys);
        worker = new LaneWorker(context, new HandlerTable(Messaging.Handlers), channel, NullLogger.Instance);
    }

    public Messaging Messaging { get; }

    public InMemoryDeviceStore Store { get; }

    public FakeChannel Channel { get; }

    public List<WhatsAppEvent> Events { get; }

    public Dictionary<Jid, PeerDevice> Peers { get; } = [];

    /// <summary>The members of each group the server knows, in the form by which the group addresses them.</summary>
    public Dictionary<Jid, List<Jid>> Groups { get; } = [];

    /// <summary>LIDs the server tells with device lists.</summary>
    public Dictionary<Jid, Jid> Lids { get; } = [];

    public WarningLog Log => (WarningLog)context.Loggers;

    public FakeTimeProvider Time => (FakeTimeProvider)context.Time;

    public DeviceCredentials Credentials => context.State.Credentials;

    public static Jid Own => OwnPhone.WithDevice(3);

    /// <summary>Given to every commit; throws to make it fail.</summary>
    public Action<DeviceWriteSet> OnCommit { get; set; } = _ => { };

    public static Task<MessagingBench> StartAsync(Func<DeviceCredentials, DeviceCredentials>? change = null) => StartAsync(null, null, change);

    /// <summary>How often the server was asked for something.</summary>
    public int Asked(string xmlns)
    {
        lock (asked)
            return asked.GetValueOrDefault(xmlns);
    }

    /// <summary>The same device in a new process: only what was committed is left.</summary>
    public async Task<MessagingBench> RestartAsync()
    {
        await DisposeAsync();
        var next = await StartAsync(Store, Time, null);
        foreach (var (jid, peer) in Peers)
            next.Peers[jid] = peer;
        foreach (var (group, members) in Groups)
            next.Groups[group] = members;
        return next;
    }

    public PeerDevice AddPeer(Jid jid) => Peers[jid] = new PeerDevice(jid);

    /// <summary>Makes the peer know our keys.</summary>
    public async Task BeginSessionAsync(PeerDevice peer)
    {
        var writes = new DeviceWriteSet();
        var preKey = await preKeys.IssueAsync(writes, TestContext.Current.CancellationToken);
        await Store.CommitAsync(writes, TestContext.Current.CancellationToken);
        peer.Begin(Credentials, preKey);
    }

    /// <summary>A stanza arrives; returns what we answered.</summary>
    public async Task<IReadOnlyList<Node>> ReceiveAsync(params Node[] stanzas)
    {
        var before = Channel.Sent.Count;
        await worker.HandleAsync(stanzas[0].JidOf("from")!.Value.ToUser(), stanzas, TestContext.Current.CancellationToken);
        return [.. Channel.Sent.Skip(before)];
    }

    public Node MessageFrom(Jid from, string id, params Node[] children) => MessageFrom(from, id, [], children);

    public Node MessageFrom(Jid from, string id, NodeAttributes further, params Node[] children)
    {
        var attributes = new NodeAttributes { { "from", from }, { "id", id }, { "t", Time.GetUtcNow().ToUnixTimeSeconds().ToString() }, { "type", "text" } };
        foreach (var (name, value) in further)
            attributes.Add(name, value);
        return new Node("message", attributes, children);
    }

    public T Single<T>()
        where T : WhatsAppEvent => Events.OfType<T>().Single();

    public static Message Text(string text) => new() { ExtendedTextMessage = new Message.Types.ExtendedTextMessage { Text = text } };

    public async ValueTask DisposeAsync()
    {
        await context.Background.DisposeAsync();
        Messaging.Dispose();
        preKeys.Dispose();
    }

    private static async Task<MessagingBench> StartAsync(
        InMemoryDeviceStore? store, FakeTimeProvider? time, Func<DeviceCredentials, DeviceCredentials>? change)
    {
        MessagingBench? device = null;
        store ??= new InMemoryDeviceStore();
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var ct = TestContext.Current.CancellationToken;
        var failing = new WatchedStore(store, writes => device!.OnCommit(writes));
        var state = new DeviceState(store, time);
        await state.EnsureLoadedAsync(ct);
        if (!state.Credentials.IsPaired)
        {
            await state.UpdateAsync(
                credentials => credentials with { Device = Own, Lid = OwnLid.WithDevice(3), Account = [1, 2, 3], PushName = "Test" }, ct);
        }

        if (change is not null)
            await state.UpdateAsync(change, ct);

        var channel = new FakeChannel();
        var events = new List<WhatsAppEvent>();
        var client = new ClientContext
        {
            Options = new WhatsAppClientOptions(),
            Store = new CachedDeviceStore(failing),
            State = state,
            Channel = channel,
            Ratchets = new RatchetLocks(),
            Handler = (e, _, _) =>
            {
                lock (events)
                    events.Add(e);
                return ValueTask.CompletedTask;
            },
            Background = new BackgroundWork(NullLogger.Instance),
            Clock = new ServerClock(time),
            Time = time,
            Loggers = new WarningLog(),
        };
        device = new MessagingBench(client, new PreKeyPool(client), store, channel, events);
        channel.Answer = device.AnswerIq;
        return device;
    }

    private Node AnswerIq(Node iq)
    {
        lock (asked)
            asked[iq["xmlns"]!] = asked.GetValueOrDefault(iq["xmlns"]!) + 1;
        Node Result(Node content) => new("iq", new NodeAttributes { { "type", "result" }, { "id", iq["id"] } }, [content]);
        if (iq.Child("usync") is { } usync)
            return Result(new Node("usync", null, [new Node("list", null, [.. usync.Child("list")!.Children.Select(Devices)])]));
        if (iq.Child("key") is { } keys)
            return Result(new Node("list", null, [.. keys.Children.Select(Keys)]));
        if (iq["xmlns"] == "w:g2" && Groups.TryGetValue(iq.JidOf("to")!.Value, out var members))
            return Result(Group(iq.JidOf("to")!.Value, members));
        if (iq["xmlns"] == "privacy")
            return Result(new Node("tokens"));
        throw new InvalidOperationException($"Nobody answers {iq}.");
    }

    private static Node Group(Jid group, List<Jid> members) => new(
        "group",
        new NodeAttributes { { "id", group.User }, { "subject", "Test" }, { "addressing_mode", members[0].IsLid ? "lid" : "pn" } },
        [.. members.Select(member => new Node("participant", new NodeAttributes { { "jid", member } }))]);

    private Node Devices(Node user)
    {
        var jid = user.JidOf("jid")!.Value;
        var devices = Peers.Keys.Where(peer => SamePerson(peer.ToUser(), jid)).Select(peer => peer.Device).Order();
        var list = new Node("device-list", null,
        [
            .. devices.Select(id => new Node("device", new NodeAttributes { { "id", id.ToString() }, { "key-index", id == 0 ? null : "1" } })),
        ]);
        var children = new List<Node> { new("devices", null, [list]) };
        if (Lids.TryGetValue(jid, out var lid))
            children.Add(new Node("lid", new NodeAttributes { { "val", lid } }));
        return new Node("user", new NodeAttributes { { "jid", jid } }, children);
    }

    private Node Keys(Node user)
    {
        var jid = user.JidOf("jid")!.Value;
        var peer = Peers.Values.FirstOrDefault(peer => peer.Jid.Device == jid.Device && SamePerson(peer.Jid.ToUser(), jid.ToUser()));
        return peer?.Bundle(jid)
            ?? new Node("user", new NodeAttributes { { "jid", jid } }, [new Node("error", new NodeAttributes { { "code", "404" } })]);
    }

    private bool SamePerson(Jid a, Jid b) => Form(a) == Form(b);

    private Jid Form(Jid user) => user == OwnLid ? OwnPhone : Lids.FirstOrDefault(pair => pair.Value == user) is { Key.IsEmpty: false } known ? known.Key : user;
}
