using Evolution.Protocol.Nodes;
using Evolution.Simulator.Relay;
using Evolution.Simulator.Server;

namespace Evolution.Interop.Tests;

/// <summary>A stanza that passed the simulator.</summary>
/// <param name="Connection">The connection it came or went on.</param>
/// <param name="Number">Phone number of the account; null before the login.</param>
/// <param name="Device">The device; 0 before the login.</param>
internal sealed record RecordedStanza(ServerConnection Connection, string? Number, ushort Device, StanzaDirection Direction, Node Node);

/// <summary>Writes down every stanza and lets it pass.</summary>
internal sealed class StanzaRecorder : IStanzaInterceptor
{
    public EventLog<RecordedStanza> Stanzas { get; } = new("the simulator", entry => $"{entry.Number}:{entry.Device} {entry.Direction} {entry.Node}");

    /// <summary>Whether clients may resume with IK.</summary>
    public bool AcceptsResumption { get; set; } = true;

    /// <summary>What connections that are still open were sent and did not answer.</summary>
    public IReadOnlyList<string> Unanswered()
    {
        var open = new List<string>();
        foreach (var connection in Stanzas.Since(0).GroupBy(entry => entry.Connection).Where(group => group.Key is { Ended.IsCompleted: false, Device: not null }))
        {
            var ledger = new AckLedger();
            foreach (var entry in connection)
            {
                if (entry.Direction == StanzaDirection.Out)
                    ledger.Sent(entry.Node, DateTimeOffset.MinValue);
                else
                    ledger.Received(entry.Node);
            }

            open.AddRange(ledger.OpenSince(DateTimeOffset.MaxValue).Select(stanza => $"{connection.Key.Device?.PhoneJid} {stanza}"));
        }

        return open;
    }

    public ValueTask<IReadOnlyList<Node>> InterceptAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct)
    {
        Stanzas.Add(new RecordedStanza(connection, connection.Device?.Account.Number, connection.Device?.Number ?? 0, direction, node));
        return ValueTask.FromResult<IReadOnlyList<Node>>([node]);
    }
}
