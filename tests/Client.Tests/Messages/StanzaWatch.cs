using System.Collections.Concurrent;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Client.Tests.Messages;

/// <summary>Sees every stanza that passes the simulator, and loses what it is told to.</summary>
internal sealed class StanzaWatch : IStanzaInterceptor
{
    private readonly ConcurrentQueue<(StanzaDirection Direction, Node Node)> seen = new();
    private volatile TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Which stanzas never arrive.</summary>
    public Func<StanzaDirection, Node, bool> Loses { get; set; } = (_, _) => false;

    public IReadOnlyList<Node> All(StanzaDirection direction) => [.. seen.Where(entry => entry.Direction == direction).Select(entry => entry.Node)];

    /// <summary>The first stanza that fits, waiting for it if need be.</summary>
    public async Task<Node> SeenAsync(StanzaDirection direction, Func<Node, bool> fits, CancellationToken ct)
    {
        while (true)
        {
            var next = news.Task;
            if (All(direction).FirstOrDefault(fits) is { } found)
                return found;
            await next.WaitAsync(TimeSpan.FromSeconds(10), ct);
        }
    }

    public ValueTask<IReadOnlyList<Node>> InterceptAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct)
    {
        seen.Enqueue((direction, node));
        Interlocked.Exchange(ref news!, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return ValueTask.FromResult<IReadOnlyList<Node>>(Loses(direction, node) ? [] : [node]);
    }
}
