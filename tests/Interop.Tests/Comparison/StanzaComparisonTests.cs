using Xunit;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>Our client's stanzas have the structure of Baileys 7.0.0-rc14's, but for what StanzaAllowList.json gives a reason for.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class StanzaComparisonTests(ComparedPhases phases) : IClassFixture<ComparedPhases>
{
    public static TheoryData<string> Sends => [.. ComparedSends.All.Keys];

    [Theory]
    [MemberData(nameof(Sends))]
    [InlineData(ComparedPhases.Pairing)]
    [InlineData(ComparedPhases.PairingByCode)]
    [InlineData(ComparedPhases.FirstLogin)]
    [InlineData(ComparedPhases.Login)]
    [InlineData(ComparedPhases.FirstText)]
    [InlineData(ComparedPhases.Answer)]
    [InlineData(ComparedPhases.Text)]
    [InlineData(ComparedPhases.Quote)]
    [InlineData(ComparedPhases.Mention)]
    public void Our_stanzas_have_the_structure_of_Baileys(string phase)
    {
        Assert.Empty(phases.MissingIn(phase));
        var unexplained = phases.Of(phase).Where(difference => !phases.Allowed.Allows(difference)).ToList();
        Assert.True(unexplained.Count == 0, string.Join('\n', unexplained));
    }

    [Fact]
    public void Every_allowed_difference_is_still_there()
    {
        var stale = phases.Allowed.Rows.Where(row => !row.Sometimes && !phases.All.Any(row.Fits)).Select(row => row.Path);
        Assert.Empty(stale);
    }

    [Fact]
    public void Every_allowed_difference_has_a_reason_and_a_source_that_exists()
    {
        Assert.All(phases.Allowed.Rows, row =>
        {
            Assert.NotEmpty(row.Reason);
            Assert.True(
                row.Source.StartsWith("docs/", StringComparison.Ordinal)
                    ? File.Exists(Path.Combine(PeerProcess.RepositoryRoot, row.Source))
                    : row.Source.StartsWith("Baileys src/", StringComparison.Ordinal) || row.Source.StartsWith("whatsmeow ", StringComparison.Ordinal),
                row.Source);
        });
    }

    [Fact]
    public void Neither_client_did_what_the_simulator_objects_to() => Assert.Empty(phases.Violations);
}
