using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>Where a fault strikes: the stanza that set it off and the connection it was on.</summary>
internal readonly record struct FaultScene(
    Fault Fault, ServerConnection Connection, ConnectionFaults State, StanzaDirection Direction, Node Node, TimeProvider Time, CancellationToken Ct);
