using Evolution.Client.Dispatch;
using Evolution.Protocol.Nodes;

namespace Evolution.Client;

/// <summary>What the features of a device bring into its connection.</summary>
internal sealed class ClientFeatures
{
    private readonly List<IStanzaHandler> handlers = [];
    private readonly List<Action<Node>> whenReceiving = [];
    private readonly List<Action> whenOpening = [];
    private readonly Dictionary<string, Action> whenDirty = [];
    private readonly List<Func<CancellationToken, Task>> whenOpen = [];

    /// <summary>Handlers of incoming stanzas; one for each tag and type.</summary>
    public IReadOnlyList<IStanzaHandler> Handlers => handlers;

    /// <summary>What sees every stanza in the order of the wire, before it is queued. It runs on the read loop: it must be quick, and must not throw.</summary>
    public IReadOnlyList<Action<Node>> WhenReceiving => whenReceiving;

    /// <summary>What runs after each login, just before the device is open.</summary>
    public IReadOnlyList<Action> WhenOpening => whenOpening;

    /// <summary>What runs after each login, once the device is open; the token ends with the connection.</summary>
    public IReadOnlyList<Func<CancellationToken, Task>> WhenOpen => whenOpen;

    /// <summary>What forgets things of one kind that the server says have changed while we were away; by the server's name of the kind.</summary>
    public IReadOnlyDictionary<string, Action> WhenDirty => whenDirty;

    public void Handle(params IEnumerable<IStanzaHandler> more) => handlers.AddRange(more);

    public void OnReceiving(Action<Node> action) => whenReceiving.Add(action);

    public void OnOpening(Action action) => whenOpening.Add(action);

    public void OnDirty(string type, Action forget) => whenDirty.Add(type, forget);

    public void OnOpen(Func<CancellationToken, Task> action) => whenOpen.Add(action);
}
