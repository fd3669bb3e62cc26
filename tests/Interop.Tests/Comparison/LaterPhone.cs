using System.Collections.Concurrent;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>
/// Keeps what the phone tells its device until the device has said all that it says at a login by itself. A real phone takes some seconds too;
/// the simulator's is at times faster than Baileys, which then knows its name and not its LID in the middle of the login and goes on otherwise.
/// </summary>
internal sealed class LaterPhone(StanzaRecorder recorder) : IStanzaInterceptor
{
    private static readonly string[] s_login = ["iq abt", "iq blocklist", "iq privacy", "ib unified_session"];

    private readonly ConcurrentDictionary<ServerConnection, Login> _logins = new();

    public async ValueTask<IReadOnlyList<Node>> InterceptAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct)
    {
        if (connection.Device is not null)
        {
            var login = _logins.GetOrAdd(connection, _ => new Login());
            if (direction == StanzaDirection.Out && login.Keeps(node))
                return [];
            if (direction == StanzaDirection.In)
            {
                // They come through here once more.
                foreach (var kept in login.Said(node))
                    connection.Post(kept);
            }
        }

        return await recorder.InterceptAsync(connection, direction, node, ct);
    }

    private sealed class Login
    {
        private readonly Lock _gate = new();
        private readonly HashSet<string> _unsaid = [.. s_login];
        private readonly List<Node> _kept = [];

        public bool Keeps(Node node)
        {
            lock (_gate)
            {
                if (_unsaid.Count == 0 || node["category"] != "peer")
                    return false;
                _kept.Add(node);
                return true;
            }
        }

        public IReadOnlyList<Node> Said(Node node)
        {
            lock (_gate)
            {
                if (!_unsaid.Remove($"{node.Tag} {node["xmlns"] ?? (node.Children is [var child, ..] ? child.Tag : null)}") || _unsaid.Count > 0)
                    return [];
                return _kept;
            }
        }
    }
}
