namespace Evolution.Interop.Tests.Matrix;

/// <summary>What Baileys can't do, and why. Its own calls show whether it still can't.</summary>
internal static class MatrixReasons
{
    public static IReadOnlyList<Reason> All { get; } =
    [
        new("It reads votes, but has no call that gives one; a vote that our own code seals would say nothing of it.", PollRows.Vote, [PeerKind.Rc14, PeerKind.Rc6], OursSends: false)
        {
            Word = "vote",
            Calls = ["decryptPollVote", "getAggregateVotesInPollMessage"],
        },
    ];

    public static Reason? For(MatrixCell cell) => All.FirstOrDefault(reason => reason.Fits(cell));

    public static string? Of(MatrixCell cell) => For(cell)?.Text;

    /// <summary>The reasons that no cell needs: there is none like that, or it can't be anyway.</summary>
    public static IEnumerable<string> Stale() => All.Where(reason => !MatrixCell.All.Any(cell => reason.Fits(cell) && !cell.Row.NotAt.ContainsKey(cell.Place))).Select(reason => reason.Text);

    /// <param name="Row">The row's name.</param>
    internal sealed record Reason(string Text, string Row, IReadOnlyList<PeerKind> Peers, bool OursSends)
    {
        /// <summary>What the name of a call that did it would have in it, in lower case.</summary>
        public required string Word { get; init; }

        /// <summary>The calls of that name that there are, none of which does it, in their order.</summary>
        public required IReadOnlyList<string> Calls { get; init; }

        public bool Fits(MatrixCell cell) => cell.Row.Name == Row && Peers.Contains(cell.Peer) && OursSends == cell.OursSends;
    }
}
