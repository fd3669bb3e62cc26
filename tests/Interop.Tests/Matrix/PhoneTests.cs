using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>With the simulator's phone.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class PhoneTests(PeersFixture peers) : MatrixTests<PhoneTests>, IMatrixPeer
{
    public static PeerKind Kind => PeerKind.Phone;

    private protected override Task<MatrixConversation> StartAsync() => peers.MatrixAsync(Kind, Ct);
}
