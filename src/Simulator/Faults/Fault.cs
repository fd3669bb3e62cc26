using System.Text.Json.Nodes;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>When a fault strikes. What is null does not matter.</summary>
/// <param name="Type">The stanza's type attribute.</param>
/// <param name="Count">How often it strikes; 0 until it is taken away.</param>
/// <param name="After">How many fitting stanzas pass before the first strike.</param>
internal sealed record FaultTrigger(string? Tag, string? Type, string? Xmlns, string? Id, StanzaDirection Direction, long Count, long After);

/// <summary>A fault that waits for its stanza.</summary>
internal sealed class Fault(string id, string? number, ushort? device, FaultTrigger when, FaultAction action)
{
    private readonly Lock _gate = new();
    private long _passed;
    private long _hits;
    private bool _isOver;

    public string Id { get; } = id;

    public FaultAction Action { get; } = action;

    /// <summary>The request that asked for it, to be shown.</summary>
    public required JsonObject Asked { get; init; }

    /// <summary>How often it has struck.</summary>
    public long Hits
    {
        get
        {
            lock (_gate)
                return _hits;
        }
    }

    /// <summary>Whether it never strikes again.</summary>
    public bool Spent
    {
        get
        {
            lock (_gate)
                return _isOver || (when.Count > 0 && _hits >= when.Count);
        }
    }

    /// <summary>Whether it is for this companion; one for everybody also is for who has not logged in.</summary>
    public bool Concerns(Device? client) =>
        number is null || (client is not null && client.Account.Number == number && (device is null || client.Number == device));

    public bool Matches(StanzaDirection direction, Node node) =>
        (when.Tag is null || when.Tag == node.Tag) && (when.Type is null || when.Type == node["type"]) && (when.Xmlns is null || when.Xmlns == node["xmlns"])
        && (when.Id is null || when.Id == node["id"]) && when.Direction == direction && Action.Fits(direction, node);

    /// <summary>Counts a fitting occasion; true when it strikes now.</summary>
    public bool Strikes()
    {
        lock (_gate)
        {
            if (_isOver || (when.Count > 0 && _hits >= when.Count))
                return false;
            if (_passed < when.After)
            {
                _passed++;
                return false;
            }

            _hits++;
            return true;
        }
    }

    /// <summary>Never strikes again.</summary>
    public void End()
    {
        lock (_gate)
            _isOver = true;
    }
}
