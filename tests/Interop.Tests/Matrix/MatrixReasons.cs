namespace Evolution.Interop.Tests.Matrix;

/// <summary>What one client can't do, and why.</summary>
internal static class MatrixReasons
{
    public static IReadOnlyList<Reason> All { get; } =
    [
        new("It reads votes, but has no call that gives one.", PollRows.Vote, [PeerKind.Rc14, PeerKind.Rc6], OursSends: false),
    ];

    public static string? Of(MatrixCell cell) => All.FirstOrDefault(reason => reason.Fits(cell))?.Text;

    /// <param name="Row">The row's name; null for all.</param>
    /// <param name="OursSends">The direction; null for both.</param>
    /// <param name="Place">Null for all.</param>
    internal sealed record Reason(string Text, string? Row, IReadOnlyList<PeerKind> Peers, bool? OursSends = null, Place? Place = null)
    {
        public bool Fits(MatrixCell cell) =>
            (Row is null || cell.Row.Name == Row) && Peers.Contains(cell.Peer) && (OursSends is null || OursSends == cell.OursSends) && (Place is null || Place == cell.Place);
    }
}
