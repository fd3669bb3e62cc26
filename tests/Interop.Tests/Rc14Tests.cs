using Xunit;

namespace Evolution.Interop.Tests;

/// <summary>Baileys 7.0.0-rc14, made to verify every signature.</summary>
[Collection(PeersCollection.Name)]
[Trait("Part", "interop")]
public sealed class Rc14Tests(PeersFixture peers) : PeerGroupsTests
{
    private protected override Task<Conversation> StartAsync() => peers.WithRc14Async(Ct);

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_server_whose_certificate_leads_to_another_root_is_refused()
    {
        var device = With.Process.Device("another root");

        await device.StartAsync(With.Simulator.Host, Ct, rootKey: new byte[32]);

        var close = await device.WaitAsync("close", null, 0, Ct);
        Assert.Contains("certificate signature invalid", (string)close["message"]!, StringComparison.Ordinal);
    }
}
