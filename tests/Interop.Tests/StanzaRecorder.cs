using System.Collections.Concurrent;
using Evolution.Protocol.Jids;
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
    private readonly ConcurrentDictionary<ServerConnection, AckLedger> _ledgers = new();

    public EventLog<RecordedStanza> Stanzas { get; } = new("the simulator", entry => $"{entry.Number}:{entry.Device} {entry.Direction} {entry.Node}");

    /// <summary>Ids of what was answered more than once, with whose device did so.</summary>
    public EventLog<(string? Number, string Id)> AnsweredAgain { get; } = new("the simulator", entry => $"{entry.Number} answered {entry.Id} again");

    /// <summary>Whether clients may resume with IK.</summary>
    public bool AcceptsResumption { get; set; } = true;

    /// <summary>What connections that are still open were sent and did not answer.</summary>
    public IReadOnlyList<string> Unanswered() =>
    [
        .. _ledgers.Where(entry => entry.Key is { Ended.IsCompleted: false, Device: not null })
            .SelectMany(entry => entry.Value.OpenSince(DateTimeOffset.MaxValue).Select(stanza => $"{entry.Key.Device?.PhoneJid} {stanza}")),
    ];

    /// <summary>Whether a message that somebody was sent is a status.</summary>
    public bool WasStatus(string? id) =>
        Stanzas.Since(0).Any(entry => entry.Direction == StanzaDirection.Out && entry.Node.Tag == "message" && entry.Node["id"] == id && entry.Node["from"] == Jid.Status.ToString());

    /// <summary>Waits until every stanza that a connected device was sent is answered.</summary>
    /// <exception cref="TimeoutException">The message names those that are not.</exception>
    public async Task AllAnsweredAsync(CancellationToken ct)
    {
        while (true)
        {
            var next = Stanzas.Next;
            var open = Unanswered();
            if (open.Count == 0)
                return;
            try
            {
                await next.WaitAsync(TimeSpan.FromSeconds(30), ct);
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException($"Never answered: {string.Join("; ", open)}", e);
            }
        }
    }

    public ValueTask<IReadOnlyList<Node>> InterceptAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct)
    {
        var ledger = _ledgers.GetOrAdd(connection, _ => new AckLedger());
        var number = connection.Device?.Account.Number;
        if (direction == StanzaDirection.Out)
        {
            ledger.Sent(node, DateTimeOffset.MinValue);
        }
        else
        {
            foreach (var id in ledger.Received(node))
                AnsweredAgain.Add((number, id));
        }

        Stanzas.Add(new RecordedStanza(connection, number, connection.Device?.Number ?? 0, direction, node));
        return ValueTask.FromResult<IReadOnlyList<Node>>([node]);
    }
}
