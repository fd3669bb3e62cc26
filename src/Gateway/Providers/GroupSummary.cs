using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers;

/// <summary>A group's name and people.</summary>
internal sealed record GroupSummary(Jid Group, string Subject, IReadOnlyList<Jid> Participants);
