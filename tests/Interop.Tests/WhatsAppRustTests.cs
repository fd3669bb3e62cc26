using Xunit;

namespace Evolution.Interop.Tests;

/// <summary>whatsapp-rust, an implementation that shares no code with Baileys.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class WhatsAppRustTests(PeersFixture peers) : PeerDevicesTests
{
    private protected override bool KeepsAddress => false;

    private protected override Task<Conversation> StartAsync() => peers.WithRustAsync(Ct);

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true, "IK")]
    [InlineData(false, "XXFallback")]
    public async Task A_device_that_comes_back_resumes_or_falls_back(bool accepted, string handshake)
    {
        With.Simulator.Recorder.AcceptsResumption = accepted;
        var before = With.Simulator.Recorder.Stanzas.Position;

        await With.Peer.ReconnectAsync(Ct);
        await TalkWithoutRetriesAsync(byLid: true);

        var stanzas = With.Simulator.Recorder.Stanzas.Since(before);
        Assert.Equal(handshake, stanzas.Last(entry => entry.Number == With.PeerPhone.Number).Connection.Handshake);
        With.Simulator.Recorder.AcceptsResumption = true;
    }
}
