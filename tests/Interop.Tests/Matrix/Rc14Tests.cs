using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>With Baileys 7.0.0-rc14, made to verify every signature.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class Rc14Tests(PeersFixture peers) : BaileysMatrixTests<Rc14Tests>, IMatrixPeer
{
    public static PeerKind Kind => PeerKind.Rc14;

    private protected override Task<MatrixConversation> StartAsync() => peers.MatrixAsync(Kind, Ct);

    [Fact(Timeout = TestLimit.Ms)]
    [Trait("Gate", "yes")]
    public Task The_page_shows_this_table() => MatrixPage.CheckAsync(Ct);

    [Fact(Timeout = TestLimit.Ms)]
    [Trait("Gate", "yes")]
    public void Every_reason_still_keeps_a_cell_from_running() => Assert.Empty(MatrixReasons.Stale());
}
