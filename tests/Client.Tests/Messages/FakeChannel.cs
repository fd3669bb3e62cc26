using Evolution.Client.Connection;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Tests.Messages;

/// <summary>A connection whose other end is the test: it keeps what leaves and answers requests by a function.</summary>
internal sealed class FakeChannel : IStanzaChannel
{
    private readonly Lock gate = new();
    private readonly List<Node> sent = [];
    private int ids;

    public Func<Node, Node> Answer { get; set; } = iq => throw new InvalidOperationException($"Nobody answers {iq}.");

    /// <summary>Called before a stanza counts as written.</summary>
    public Action<Node> OnSending { get; set; } = _ => { };

    public bool IsOpen { get; set; } = true;

    public IReadOnlyList<Node> Sent
    {
        get
        {
            lock (gate)
                return [.. sent];
        }
    }

    public IEnumerable<Node> SentWith(string tag) => Sent.Where(node => node.Tag == tag);

    public string NextId() => $"test-{Interlocked.Increment(ref ids)}";

    public Task<Node> QueryAsync(Node iq, TimeSpan? timeout, CancellationToken ct) => Task.FromResult(Answer(iq));

    public ValueTask SendAsync(Node node, CancellationToken ct)
    {
        if (!IsOpen)
            throw new ConnectionLostException();
        OnSending(node);
        lock (gate)
            sent.Add(node);
        return ValueTask.CompletedTask;
    }

    public async Task<Node> SendForAckAsync(Node node, string ackId, TimeSpan timeout, CancellationToken ct)
    {
        await SendAsync(node, ct);
        return new Node("ack", new NodeAttributes { { "id", ackId }, { "class", node.Tag } });
    }
}
