using Evolution.Protocol.Jids;

namespace Evolution.Simulator;

/// <summary>Something a client did that WhatsApp's own clients never do.</summary>
/// <param name="Seq">1, 2, 3 … in the order of discovery.</param>
/// <param name="Code">Stable word for what was wrong, such as <c>ratchet-key-reused</c>.</param>
/// <param name="Message">What was expected and what came.</param>
/// <param name="Device">Who did it; null when nobody was logged in.</param>
/// <param name="StanzaId">The stanza's id, if it had one.</param>
public sealed record Violation(long Seq, DateTimeOffset At, string Code, string Message, Jid? Device, string? StanzaId);
