namespace Evolution.Interop.Tests.Matrix;

/// <summary>Every kind of message.</summary>
internal static class MatrixTable
{
    public static IReadOnlyList<MatrixRow> Rows { get; } = [.. TextRows.All, .. FileRows.All, .. PlaceRows.All, .. ChangeRows.All, .. PollRows.All, .. BusinessRows.All];

    public static MatrixRow Row(string name) => Rows.Single(row => row.Name == name);
}
