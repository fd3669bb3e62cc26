using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>With whatsapp-rust, an implementation that shares no code with Baileys.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class WhatsAppRustTests(PeersFixture peers) : MatrixTests<WhatsAppRustTests>, IMatrixPeer
{
    public static PeerKind Kind => PeerKind.Rust;

    // The table has it send such a poll as it is given.
    [Fact(Timeout = TestLimit.Ms)]
    public async Task Its_call_still_refuses_a_poll_for_any_number()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ((RustParty)With.Theirs).CallAsync("poll", new { to = With.Ours.Phone.Jid.ToString(), name = "Tea?", options = (string[])["Green", "Black"], selectable = 0 }, Ct));
        Assert.Contains("selectable", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    private protected override Task<MatrixConversation> StartAsync() => peers.MatrixAsync(Kind, Ct);
}
