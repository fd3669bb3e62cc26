using Evolution.Client.Stores;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.PreKeys;

public sealed class PreKeyPoolTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_pre_key_of_a_month_is_replaced_and_the_old_one_stays_readable()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        var paired = (await device.Store.LoadCredentialsAsync(Ct))!;
        var old = paired with { SignedPreKeyCreatedAt = paired.SignedPreKeyCreatedAt.AddDays(-31) };
        await device.Store.CommitAsync(new DeviceWriteSet { Credentials = old }, Ct);

        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await OpenAsync(device, peer);
        var rotate = await FindAsync(peer, "rotate");
        Assert.Equal([0, 0, 2], rotate.Child("rotate")!.Child("skey")!.Child("id")!.Bytes.ToArray());
        Assert.Equal(1U, (await device.Store.LoadCredentialsAsync(Ct))!.SignedPreKey.Id);
        var stored = await device.Store.LoadSignedPreKeyAsync(2, Ct);
        Assert.Equal(stored!.KeyPair.PublicKey.ToArray(), rotate.Child("rotate")!.Child("skey")!.Child("value")!.Bytes.ToArray());

        await peer.WriteAsync(TestDevice.Answer(rotate));
        await device.Client.StopAsync(Ct);
        Assert.NotNull(await device.Store.LoadSignedPreKeyAsync(1, Ct));
    }

    [Fact]
    public async Task A_server_that_runs_low_gets_five_keys_with_new_ids()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await OpenAsync(device, peer);
        await peer.WriteAsync(new Node("notification", new NodeAttributes { { "from", "s.whatsapp.net" }, { "type", "encrypt" }, { "id", "low" } },
            [new Node("count", new NodeAttributes { { "value", "4" } })]));
        var upload = await FindAsync(peer, "list");
        var ids = upload.Child("list")!.Children.Select(k => k.Child("id")!.Bytes.ToArray()).Select(b => (b[0] << 16) | (b[1] << 8) | b[2]);
        Assert.Equal([813, 814, 815, 816, 817], ids);
    }

    /// <summary>Logs in; the client uploads its first 812 keys because the digest is empty.</summary>
    private static async Task OpenAsync(TestDevice device, ScriptedServer.Peer peer)
    {
        await TestDevice.LogInAsync(peer, Ct);
        await peer.WriteAsync(TestDevice.Answer(await peer.ExpectAsync("iq", Ct)));
        await device.StateAsync(ConnectionState.Open, Ct);
    }

    /// <summary>The next request with this child; others are answered.</summary>
    private static async Task<Node> FindAsync(ScriptedServer.Peer peer, string child)
    {
        while (true)
        {
            var node = await peer.ReadAsync(Ct) ?? throw new InvalidOperationException("The client left.");
            if (node.Child(child) is not null)
                return node;
            if (node.Tag == "iq")
                await peer.WriteAsync(TestDevice.Answer(node));
        }
    }
}
