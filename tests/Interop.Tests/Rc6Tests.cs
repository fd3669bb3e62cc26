using Xunit;

namespace Evolution.Interop.Tests;

/// <summary>Baileys 7.0.0-rc.6, as the original gateway has it.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class Rc6Tests(PeersFixture peers) : PeerGroupsTests
{
    private protected override bool HearsOfChanges => false;

    private protected override Task<Conversation> StartAsync() => peers.WithRc6Async(Ct);
}
