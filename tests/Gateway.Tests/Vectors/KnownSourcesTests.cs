using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Protocol.Tests.Vectors;

namespace Evolution.Gateway.Tests.Vectors;

/// <summary>ids-and-names.json, the part that only Evolution's records show: what a message id says about its sender's device.</summary>
[Trait("Part", "vectors")]
public sealed class KnownSourcesTests
{
    [Theory]
    [KnownCases("ids-and-names.json", "devices_by_id")]
    public void The_source_is_read_from_the_id(KnownCase row) => Assert.Equal(row.Text("device"), MessageRecord.SourceOf(row.Text("id")));
}
