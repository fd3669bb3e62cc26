namespace Evolution.Storage.Messages;

/// <summary>The newest vote of one person on a poll.</summary>
/// <param name="Voter">The voter as clients see it: the phone JID where it is known.</param>
/// <param name="Options">Names of the chosen options; empty when the vote was taken back.</param>
public sealed record PollVote(string Voter, IReadOnlyList<string> Options);
