using Evolution.Client.Stores;
using Evolution.Client.Tests.Messages;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Xunit;

namespace Evolution.Client.Tests.PreKeys;

/// <summary>The server's stock of our keys over the life of a device.</summary>
public sealed class PreKeyScenarioTests : Scenario
{
    private readonly StanzaWatch watch = new();

    private Device OnServer => Simulator.World.Directory.FindDevice(Device.Client.Device!.Value)!;

    [Fact]
    public async Task A_server_that_holds_another_signed_pre_key_gets_ours_again()
    {
        await PairAsync();
        var credentials = (await Device.Store.LoadCredentialsAsync(Ct))!;
        var ours = OnServer.SignedPreKey;
        var stranger = SignedPreKey.Create(ours.Id, credentials.Identity.KeyPair);
        OnServer.SignedPreKey = new PublicSignedPreKey(stranger.Id, stranger.KeyPair.PublicKey, stranger.Signature);

        await RestartAsync();

        Assert.Equal(ours.Key.ToArray(), OnServer.SignedPreKey.Key.ToArray());
        await ReceivedAsync(await Alice.SendTextAsync(BobNumber, "hi"));
        NoViolations();
    }

    [Fact]
    public async Task Keys_on_the_server_that_are_not_ours_are_answered_with_new_ones_once()
    {
        await PairAsync();
        var keys = OnServer.PreKeys.Snapshot();
        OnServer.PreKeys.Clear();
        foreach (var key in keys)
            OnServer.PreKeys.Add(key == keys[0] ? key with { Key = KeyPair.Generate().PublicKey } : key);
        Simulator.World.Interceptor = watch;

        await RestartAsync();
        // The foreign key is still there when the connection is made anew.
        OnServer.Connection!.Abort("the test cut it");
        await Device.StateAsync(ConnectionState.Closed, Ct);
        await Device.StateAsync(ConnectionState.Open, Ct);

        Assert.Equal(2, watch.All(StanzaDirection.In).Count(node => node.Child("digest") is not null));
        Assert.Equal([5], watch.All(StanzaDirection.In).Where(IsUpload).Select(upload => upload.Child("list")!.Children.Count));
        Assert.Equal(keys.Length + 5, OnServer.PreKeys.Count);
        NoViolations();
    }

    [Fact]
    public async Task A_server_that_runs_low_is_given_more()
    {
        await PairAsync();
        await using var alices = new TestDevice(Simulator);
        await PairAsync(alices, Alice);
        while (OnServer.PreKeys.Count > 5)
            OnServer.PreKeys.Take();
        Simulator.World.Interceptor = watch;

        // It needs one of our keys to write to us.
        var info = await alices.Client.Messages.SendAsync(Bob.Jid, MessagingBench.Text("hi"), null, Ct);

        await ReceivedAsync(info.Id);
        var upload = await watch.SeenAsync(StanzaDirection.In, IsUpload, Ct);
        await watch.SeenAsync(StanzaDirection.Out, node => node["id"] == upload["id"] && node["type"] == "result", Ct);
        Assert.Equal(4 + 5, OnServer.PreKeys.Count);
        NoViolations();
    }

    [Fact]
    public async Task A_signed_pre_key_of_a_month_is_replaced_and_messages_for_both_are_read()
    {
        await PairAsync();
        await Device.Client.StopAsync(Ct);
        // Without one-time keys a new session rests on the signed one alone.
        OnServer.PreKeys.Clear();
        var before = await Alice.SendTextAsync(BobNumber, "with the old one");
        var credentials = (await Device.Store.LoadCredentialsAsync(Ct))!;
        var old = credentials with { SignedPreKeyCreatedAt = credentials.SignedPreKeyCreatedAt.AddDays(-31) };
        await Device.Store.CommitAsync(new DeviceWriteSet { Credentials = old }, Ct);
        Simulator.World.Interceptor = watch;

        await RestartAsync();
        var rotation = await watch.SeenAsync(StanzaDirection.In, node => node.Child("rotate") is not null, Ct);
        await watch.SeenAsync(StanzaDirection.Out, node => node["id"] == rotation["id"] && node["type"] == "result", Ct);
        var carol = await Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        var after = await carol.SendTextAsync(BobNumber, "with the new one");

        Assert.Equal("with the old one", (await ReceivedAsync(before)).Content.Conversation);
        Assert.Equal("with the new one", (await ReceivedAsync(after)).Content.Conversation);
        Assert.Equal(credentials.SignedPreKey.Id + 1, OnServer.SignedPreKey.Id);
        await UntilStoredAsync(async () => (await Device.Store.LoadCredentialsAsync(Ct))!.SignedPreKey.Id == OnServer.SignedPreKey.Id);
        NoViolations();
    }

    private static bool IsUpload(Node node) => node["xmlns"] == "encrypt" && node.Child("list") is not null;
}
