using System.Net.WebSockets;
using Evolution.Protocol.Nodes;
using Evolution.Simulator;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Evolution.Client.Tests.Pairing;

public sealed class PairingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evolution-pairing-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_scanned_code_pairs_and_the_device_opens_and_opens_again_after_a_restart()
    {
        await using var simulator = await StartAsync();
        var phone = await simulator.World.CreatePhoneAsync("5511999990001", "Alice");
        await using var device = new TestDevice(simulator);
        device.Client.Start();
        var qr = await device.EventAsync<QrCodeIssued>(Ct);
        Assert.Equal((1, TimeSpan.FromSeconds(60)), (qr.Number, qr.ValidFor));

        var jid = await phone.ScanAsync(qr.Text, ct: Ct);
        var paired = await device.EventAsync<Paired>(Ct);
        Assert.Equal(jid, paired.Device);
        await device.StateAsync(ConnectionState.Open, Ct);
        var stored = await device.Store.LoadCredentialsAsync(Ct);
        Assert.Equal(jid, stored!.Device);
        Assert.NotNull(stored.Account);
        Assert.NotNull(stored.Lid);
        Assert.Equal(phone.Lid, (await device.Store.LoadLidsAsync([phone.Jid], Ct))[phone.Jid]);

        await device.Client.StopAsync(Ct);
        Assert.Equal(ConnectionState.Closed, device.Client.Status.State);
        device.Client.Start();
        await device.StateAsync(ConnectionState.Open, Ct);
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_typed_code_pairs_and_the_device_opens()
    {
        await using var simulator = await StartAsync();
        var phone = await simulator.World.CreatePhoneAsync("5511999990002", "Bob");
        await using var device = new TestDevice(simulator);
        device.Client.Start();
        var code = await device.Client.RequestPairingCodeAsync("5511999990002", Ct);
        Assert.Equal(code, (await device.EventAsync<PairingCodeIssued>(Ct)).Code);

        var jid = await phone.LinkCodeAsync(code, ct: Ct);
        Assert.Equal(jid, (await device.EventAsync<Paired>(Ct)).Device);
        await device.StateAsync(ConnectionState.Open, Ct);
    }

    [Fact]
    public async Task The_phone_removes_the_device_and_everything_is_wiped()
    {
        await using var simulator = await StartAsync();
        var phone = await simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        await using var device = new TestDevice(simulator);
        device.Client.Start();
        var jid = await phone.ScanAsync((await device.EventAsync<QrCodeIssued>(Ct)).Text, ct: Ct);
        await device.StateAsync(ConnectionState.Open, Ct);

        Assert.True(await phone.RemoveDeviceAsync(jid.Device));
        Assert.Equal(401, (await device.EventAsync<LoggedOut>(Ct)).Code);
        // The event is told inside the commit; the client has ended once that is done.
        await device.Client.StopAsync(Ct);
        Assert.False((await device.Store.LoadCredentialsAsync(Ct))!.IsPaired);
        Assert.Empty(device.Store.Archived);
    }

    [Fact]
    public async Task Logging_out_removes_the_device_from_the_phone()
    {
        await using var simulator = await StartAsync();
        var phone = await simulator.World.CreatePhoneAsync("5511999990004", "Dave");
        await using var device = new TestDevice(simulator);
        device.Client.Start();
        await phone.ScanAsync((await device.EventAsync<QrCodeIssued>(Ct)).Text, ct: Ct);
        await device.StateAsync(ConnectionState.Open, Ct);

        await device.Client.LogoutAsync(Ct);
        Assert.Equal(ConnectionState.LoggedOut, device.Client.Status.State);
        Assert.Empty(phone.Devices());
    }

    [Fact]
    public async Task Codes_follow_each_other_in_time_until_they_are_used_up()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server, time: time);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await peer.WriteAsync(PairDevice("a", "b", "c"));
        Assert.Equal("result", (await peer.ExpectAsync("iq", Ct))["type"]);

        Assert.Contains("#a,", (await device.EventAsync<QrCodeIssued>(Ct)).Text, StringComparison.Ordinal);
        var next = device.EventAsync<QrCodeIssued>(Ct);
        var passed = await PassAsync(time, peer, next);
        Assert.InRange(passed, 60, 75);
        Assert.Equal((2, TimeSpan.FromSeconds(20)), ((await next).Number, (await next).ValidFor));
        next = device.EventAsync<QrCodeIssued>(Ct);
        passed += await PassAsync(time, peer, next);
        Assert.InRange(passed, 80, 105);
        Assert.Equal(3, (await next).Number);
        var exhausted = device.EventAsync<QrCodesExhausted>(Ct);
        Assert.InRange(passed + await PassAsync(time, peer, exhausted), 100, 135);
        await exhausted;
        Assert.Equal((ConnectionState.Closed, 408), (device.Client.Status.State, device.Client.Status.Reason!.Code));
        Assert.Null(device.Client.Status.NextTryAt);
    }

    [Fact]
    public async Task A_forged_pairing_is_refused_and_changes_nothing()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        var success = new Node("pair-success", null,
        [
            new Node("device-identity", null, new Proto.ADVSignedDeviceIdentityHMAC { Details = ByteString.CopyFrom(1), Hmac = ByteString.CopyFrom(new byte[32]) }.ToByteArray()),
            new Node("device", new NodeAttributes { { "jid", "5511999990009:1@s.whatsapp.net" } }),
        ]);
        await peer.WriteAsync(new Node("iq", new NodeAttributes { { "from", "s.whatsapp.net" }, { "type", "set" }, { "id", "9" }, { "xmlns", "md" } }, [success]));
        var refusal = await peer.ExpectAsync("iq", Ct);
        Assert.Equal(("error", "hmac-mismatch"), (refusal["type"], refusal.Child("error")!["text"]));
        await device.StateAsync(ConnectionState.Closed, Ct);
        Assert.False((await device.Store.LoadCredentialsAsync(Ct))!.IsPaired);
    }

    private static Node PairDevice(params string[] references) =>
        new("iq", new NodeAttributes { { "from", "s.whatsapp.net" }, { "type", "set" }, { "id", "1" }, { "xmlns", "md" } },
            [new Node("pair-device", null, [.. references.Select(r => new Node("ref", null, System.Text.Encoding.ASCII.GetBytes(r)))])]);

    /// <summary>Moves the clock on in small steps, each with a sign of life from the server, until something was seen to happen; the seconds it took.</summary>
    private static async Task<int> PassAsync(FakeTimeProvider time, ScriptedServer.Peer peer, Task happened)
    {
        for (var seconds = 0; ; seconds += 5)
        {
            try
            {
                await peer.WriteAsync(new Node("iq", new NodeAttributes { { "from", "s.whatsapp.net" }, { "type", "get" }, { "xmlns", "urn:xmpp:ping" }, { "id", $"p{seconds}" } }));
            }
            catch (Exception e) when (e is WebSocketException or ObjectDisposedException)
            {
                // The client has closed the connection: so it ends when the codes are used up.
                await happened;
                return seconds;
            }

            Node? answer;
            do
            {
                answer = await peer.ReadAsync(Ct);
            }
            while (answer is not null && answer["id"] != $"p{seconds}");
            if (answer is null || happened.IsCompleted || seconds > 300)
                return seconds;
            time.Advance(TimeSpan.FromSeconds(5));
        }
    }

    private Task<SimulatorHost> StartAsync() => SimulatorHost.StartAsync(new SimulatorOptions { DataDir = folder.FullName }, Ct);
}
