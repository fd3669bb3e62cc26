using Evolution.Storage.Messages;

namespace Evolution.Storage.Tests;

public sealed class RowIdTests
{
    [Fact]
    public void Ids_have_the_length_clients_know_and_sort_by_time()
    {
        var early = RowId.New(1_700_000_000_000);
        var late = RowId.New(1_700_000_000_001);
        Assert.Matches("^c[0-9a-z]{24}$", early);
        Assert.True(string.CompareOrdinal(early, late) < 0);
        Assert.NotEqual(RowId.New(TimeProvider.System), RowId.New(TimeProvider.System));
    }

    [Fact]
    public void The_placeholder_of_an_id_has_its_length() => Assert.Equal(RowId.New(0).Length, UpdateMessageStatus.RowIdPlaceholder.Length);
}
