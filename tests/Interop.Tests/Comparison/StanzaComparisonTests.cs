using Xunit;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>
/// Our client's stanzas have the structure of Baileys 7.0.0-rc14's, but for what StanzaAllowList.json gives a reason for: while pairing and logging in,
/// and for every kind of message that both can send.
/// </summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class StanzaComparisonTests(ComparedPhases phases) : IClassFixture<ComparedPhases>
{
    // Nothing of these is among the fields that a report shows (whatsmeow reportingfields.json), or they have no secret.
    private static readonly string[] s_withoutToken =
    [
        "text that disappears, wrapped", "document with caption, wrapped", "view-once image", "view-once image, version 2", "contacts", "reaction", "reaction taken back",
        "pin", "keep", "event", "list", "reply buttons", "link, call and copy buttons", "payment button", "list reply", "button reply", "template reply", "native flow reply",
        "contacts that quotes", "reply buttons under a picture",
    ];

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
    [InlineData(ComparedPhases.Group)]
    [InlineData(ComparedPhases.Read)]
    [InlineData(ComparedPhases.ReadInGroup)]
    [InlineData(ComparedPhases.Profiles)]
    public void Our_stanzas_have_the_structure_of_Baileys(string phase)
    {
        Assert.Empty(phases.MissingIn(phase));
        var unexplained = phases.All[phase].Where(difference => !phases.Allowed.Allows(difference)).ToList();
        Assert.True(unexplained.Count == 0, string.Join('\n', unexplained));
    }

    [Fact]
    public void Whatever_the_contract_sends_is_compared_or_has_a_reason()
    {
        Assert.Equal(ContractSends.All.Order(StringComparer.Ordinal), ContractSends.Compared.Keys.Concat(ContractSends.NotCompared.Keys).Order(StringComparer.Ordinal));
        var made = ComparedSends.All.Values.Where(send => send.Row.IsOfGateway).Select(send => send.Row.Name).Concat([ComparedPhases.Read, ComparedPhases.ReadInGroup]);
        Assert.Equal(made.Distinct().Order(StringComparer.Ordinal), ContractSends.Compared.Values.SelectMany(names => names).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_allowed_difference_is_still_there() => Assert.Empty(phases.Allowed.Stale(phases.All));

    // Baileys' tokens come by chance, so ours are held to this.
    [Fact]
    public void A_reporting_token_goes_with_every_message_that_has_something_to_report()
    {
        var without = ComparedSends.All.Where(send => !Stanza(send.Key).Facts.ContainsKey("/reporting*")).Select(send => send.Value.Row.Name).Distinct();
        Assert.Equal(s_withoutToken, without);

        Shape Stanza(string phase) => phases.OursIn(phase).Single(shape => shape.Key.StartsWith("message[", StringComparison.Ordinal));
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
