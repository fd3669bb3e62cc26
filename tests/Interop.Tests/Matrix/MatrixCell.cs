namespace Evolution.Interop.Tests.Matrix;

/// <summary>One kind of message, from one side to the other, in one place.</summary>
/// <param name="OursSends">Whether our client sends it and the other one reads it.</param>
internal sealed record MatrixCell(MatrixRow Row, PeerKind Peer, bool OursSends, Place Place)
{
    /// <summary>Why it can't be run; null when it is.</summary>
    public string? Reason => Row.NotAt.GetValueOrDefault(Place)?.Reason ?? MatrixReasons.Of(this);

    /// <summary>Every cell of all, run or not.</summary>
    public static IEnumerable<MatrixCell> All => Enum.GetValues<PeerKind>().SelectMany(peer => Of(peer, oursSends: true).Concat(Of(peer, oursSends: false)));

    /// <summary>Every cell of a side against a peer, run or not.</summary>
    public static IEnumerable<MatrixCell> Of(PeerKind peer, bool oursSends) =>
        from row in MatrixTable.Rows
        from place in Enum.GetValues<Place>()
        select new MatrixCell(row, peer, oursSends, place);
}
