using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>With Baileys 7.0.0-rc.6, as the original gateway has it.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class Rc6Tests(PeersFixture peers) : BaileysMatrixTests<Rc6Tests>, IMatrixPeer
{
    public static PeerKind Kind => PeerKind.Rc6;

    private protected override Task<MatrixConversation> StartAsync() => peers.MatrixAsync(Kind, Ct);
}
