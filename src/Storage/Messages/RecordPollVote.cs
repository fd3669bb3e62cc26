using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Storage.Messages;

/// <summary>Counts a vote on a stored poll, unless a newer one of the same person was counted before.</summary>
/// <param name="Chat">The chat; either form of a person.</param>
/// <param name="PollId">WhatsApp's id of the poll.</param>
/// <param name="Voter">Who votes, without device; either form.</param>
public sealed record RecordPollVote(Jid Chat, string PollId, Jid Voter) : IAttachedWrite
{
    /// <summary>The vote itself.</summary>
    public required PollVote Vote { get; init; }

    /// <summary>When it was given, by the voter's clock, in milliseconds since 1970.</summary>
    public required long VotedAt { get; init; }

    /// <summary>Makes what is written if the vote counts, from everybody's votes. It is called inside the transaction, so it must only compute.</summary>
    public required Func<IReadOnlyList<PollVote>, IReadOnlyList<IAttachedWrite>> WhenCounted { get; init; }
}
