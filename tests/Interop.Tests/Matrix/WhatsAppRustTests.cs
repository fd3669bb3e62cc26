using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>With whatsapp-rust, an implementation that shares no code with Baileys.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class WhatsAppRustTests(PeersFixture peers) : MatrixTests<WhatsAppRustTests>, IMatrixPeer
{
    public static PeerKind Kind => PeerKind.Rust;

    private protected override Task<MatrixConversation> StartAsync() => peers.MatrixAsync(Kind, Ct);
}
