namespace Evolution.Interop.Tests.Matrix;

/// <summary>What one client can't do, and why.</summary>
internal static class MatrixReasons
{
    public static IReadOnlyList<Reason> All { get; } =
    [
        new("It reads votes, but has no call that gives one.", PollRows.Vote, [PeerKind.Rc14, PeerKind.Rc6], OursSends: false),
    ];

    public static string? Of(MatrixCell cell) => All.FirstOrDefault(reason => reason.Fits(cell))?.Text;

    /// <summary>The reasons that no cell needs: there is none like that, it can't be anyway, or the client has a call for it after all.</summary>
    public static IEnumerable<string> Stale() => All.Where(reason => !MatrixCell.All.Any(cell => reason.Fits(cell) && !cell.Row.NotAt.ContainsKey(cell.Place) && !HasCall(cell)))
        .Select(reason => reason.Text);

    private static bool HasCall(MatrixCell cell) => !cell.OursSends && cell.Peer switch
    {
        PeerKind.Rc14 or PeerKind.Rc6 => cell.Row.Baileys is not null,
        PeerKind.Rust => cell.Row.Rust is not null,
        _ => false,
    };

    /// <param name="Row">The row's name; null for all.</param>
    /// <param name="OursSends">The direction; null for both.</param>
    /// <param name="Place">Null for all.</param>
    internal sealed record Reason(string Text, string? Row, IReadOnlyList<PeerKind> Peers, bool? OursSends = null, Place? Place = null)
    {
        public bool Fits(MatrixCell cell) =>
            (Row is null || cell.Row.Name == Row) && Peers.Contains(cell.Peer) && (OursSends is null || OursSends == cell.OursSends) && (Place is null || Place == cell.Place);
    }
}
