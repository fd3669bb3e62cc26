using Evolution.Interop.Tests.Matrix;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>The kinds of messages whose stanzas are compared, those of the interop matrix first, and where they go.</summary>
internal static class ComparedSends
{
    // Groups and statuses have a stanza of their own: a text, a file, each change and a poll show all there is to it.
    private static readonly string[] s_inGroups =
    [
        "text", "text that quotes", "text with a mention", "image", "reaction", "edit", "revoke", "revoke by an administrator", "poll for one",
        "image that quotes", "image with a mention", "document with a mention", "location with a mention", "poll for one with a mention", "image that disappears", "edit of an image's caption",
    ];

    /// <summary>Each by the name of its phase.</summary>
    public static IReadOnlyDictionary<string, (MatrixRow Row, Place Place)> All { get; } = MatrixTable.Rows.Where(row => row.IsCompared).Concat(ComparedRows.All).SelectMany(row => Places(row).Select(place => (row, place)))
        .ToDictionary(send => $"{send.place.ToString().ToLowerInvariant()}: {send.row.Name}", send => (send.row, send.place));

    private static IEnumerable<Place> Places(MatrixRow row)
    {
        if (!row.NotAt.ContainsKey(Place.Number) && row.After != Earlier.OthersPoll)
            yield return Place.Number;
        // By LID the addresses alone are others.
        if (row.Name == "text")
            yield return Place.Lid;
        if (s_inGroups.Contains(row.Name))
            yield return Place.Group;
        if (!row.NotAt.ContainsKey(Place.Status))
            yield return Place.Status;
    }
}
