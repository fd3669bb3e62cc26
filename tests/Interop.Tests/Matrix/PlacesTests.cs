using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>What keeps cells of every peer from running.</summary>
[Trait("Part", "interop")]
[Trait("Gate", "yes")]
public sealed class PlacesTests
{
    public static IEnumerable<TheoryDataRow<string, Place>> CellsLeftOut =>
        from row in MatrixTable.Rows
        from place in row.NotAt
        where place.Value.IsTrue is not null
        select new TheoryDataRow<string, Place>(row.Name, place.Key);

    [Theory]
    [MemberData(nameof(CellsLeftOut))]
    public void What_keeps_a_message_from_a_place_is_still_so(string content, Place place)
    {
        var leftOut = MatrixTable.Row(content).NotAt[place];
        Assert.True(leftOut.IsTrue!(), $"\"{leftOut.Reason}\" is no longer so: remove {place} from where a {content} does not go, and run the cell.");
    }
}
