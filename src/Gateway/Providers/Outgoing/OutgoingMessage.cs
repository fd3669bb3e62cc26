using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers.Outgoing;

/// <summary>A message to send: to whom, what, and in answer to what.</summary>
internal sealed record OutgoingMessage
{
    /// <summary>A user (phone number or LID), a group, or status@broadcast. Known to exist.</summary>
    public required Jid To { get; init; }

    public required OutgoingContent Content { get; init; }

    public QuotedMessage? Quoted { get; init; }

    /// <summary>After how many seconds it disappears, as its chat has it; null when it stays.</summary>
    public uint? Expiration { get; init; }

    /// <summary>People to mention; only set for groups.</summary>
    public IReadOnlyList<Jid> Mentioned { get; init; } = [];

    /// <summary>Who may read it; only set for statuses.</summary>
    public IReadOnlyList<Jid> StatusReaders { get; init; } = [];
}
