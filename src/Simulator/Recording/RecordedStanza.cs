using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Recording;

/// <summary>A stanza as it passed.</summary>
/// <param name="Seq">Rises over all clients.</param>
/// <param name="Device">Whose connection it was, by phone number.</param>
internal sealed record RecordedStanza(long Seq, DateTimeOffset At, Jid Device, StanzaDirection Direction, Node Node);
