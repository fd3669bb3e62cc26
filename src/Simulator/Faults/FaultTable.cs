using System.Runtime.CompilerServices;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>The faults in the order in which they were asked for; the first that strikes has the stanza.</summary>
internal sealed class FaultTable(TimeProvider time)
{
    private const int Kept = 1000;

    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<ServerConnection, ConnectionFaults> _states = [];
    private volatile Fault[] _faults = [];

    public IReadOnlyList<Fault> All => _faults;

    /// <summary>Adds a fault; when 1,000 are there, the oldest spent one goes. False when none is spent.</summary>
    public bool TryAdd(Fault fault)
    {
        lock (_gate)
        {
            var kept = _faults.ToList();
            if (kept.Count >= Kept)
            {
                var spent = kept.FindIndex(f => f.Spent);
                if (spent < 0)
                    return false;
                kept.RemoveAt(spent);
            }

            _faults = [.. kept, fault];
            return true;
        }
    }

    public bool Remove(string id)
    {
        lock (_gate)
        {
            var before = _faults.Length;
            _faults = [.. _faults.Where(f => f.Id != id)];
            return _faults.Length < before;
        }
    }

    public void Clear()
    {
        lock (_gate)
            _faults = [];
    }

    /// <summary>What goes on in place of the stanza.</summary>
    public async ValueTask<IReadOnlyList<Node>> PassAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct)
    {
        var known = _states.TryGetValue(connection, out var state);
        if (known && state!.IsOver(node))
            return [];
        if (direction == StanzaDirection.Out && state?.TakesKeysFrom(node) == true)
            node = Bundles.WithoutOneTimeKeys(node);
        IReadOnlyList<Node> passed = [node];
        foreach (var fault in _faults)
        {
            if (fault.Action.OnStanzas && fault.Concerns(connection.Device) && fault.Matches(direction, node) && state?.Holds(fault) != true && fault.Strikes())
            {
                state ??= _states.GetOrCreateValue(connection);
                passed = await fault.Action.Apply(new FaultScene(fault, connection, state, direction, node, time, ct)).ConfigureAwait(false);
                break;
            }
        }

        return state is null || passed.Count == 0 ? passed : [.. passed, .. state.Overtaken(direction, node)];
    }

    /// <summary>Strikes a connection at once, with no stanza to set it off.</summary>
    public async Task StrikeAsync(Fault fault, ServerConnection connection)
    {
        if (!fault.Strikes())
            return;
        try
        {
            await fault.Action.Apply(new FaultScene(fault, connection, _states.GetOrCreateValue(connection), StanzaDirection.Out, new Node("none"), time, connection.Aborted))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or System.Net.WebSockets.WebSocketException)
        {
            // The connection was gone before the fault could end it: the same thing.
            connection.Abort("a fault was asked for");
        }
    }

    /// <summary>The wrong certificate chain that a new connection shall see; null for the right one.</summary>
    public byte[]? ForgedCertificate(ServerKeys keys)
    {
        foreach (var fault in _faults)
        {
            if (fault.Action.Certificate is { } forge && fault.Strikes())
                return forge(keys, time.GetUtcNow());
        }

        return null;
    }

    /// <summary>The status the media host shall answer with instead of doing its work; null when it shall do it.</summary>
    public int? MediaStatus(string method)
    {
        foreach (var fault in _faults)
        {
            if (fault.Action.MediaStatus is { } status && fault.Action.MediaMethod == method && fault.Strikes())
                return status;
        }

        return null;
    }
}
