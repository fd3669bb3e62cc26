using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Noise;
using Xunit;

namespace Evolution.Client.Tests.Connection;

public sealed class LoginTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Login_goes_through_its_steps_in_order_and_then_opens()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);

        Assert.Equal("https://web.whatsapp.com", peer.Origin);
        Assert.Equal(5511999990001UL, peer.Payload.Username);
        Assert.Equal(7U, peer.Payload.Device);
        Assert.True(peer.Payload.Passive);

        var asked = await TestDevice.LogInAsync(peer, Ct);
        Assert.Equal(["count", "active", "digest"], asked.Select(n => n.Children[0].Tag));
        Assert.Equal(["encrypt", "passive", "encrypt"], asked.Select(n => n["xmlns"]!));

        // Our digest answer was empty: the keys go up anew before the device opens.
        var upload = await peer.ExpectAsync("iq", Ct);
        Assert.Equal(812, upload.Child("list")!.Children.Count);
        Assert.NotEqual(ConnectionState.Open, device.Client.Status.State);
        await peer.WriteAsync(TestDevice.Answer(upload));
        await device.StateAsync(ConnectionState.Open, Ct);

        var later = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var node = await peer.ReadAsync(Ct);
            later.Add(node!.Tag == "iq" ? node["xmlns"]! : node.Children.Count > 0 ? node.Children[0].Tag : node.Tag);
        }

        Assert.Equal(["abt", "blocklist", "privacy", "unified_session", "presence", "unified_session"], later);
        Assert.Equal("99990001:7@lid", device.Client.Lid.ToString());
    }

    [Fact]
    public async Task Pre_keys_are_stored_before_they_leave_and_published_after_the_answer()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await peer.WriteAsync(new Node("success", new NodeAttributes { { "t", "1700000000" } }));
        var count = await peer.ExpectAsync("iq", Ct);
        await peer.WriteAsync(TestDevice.Answer(count, new Node("count", new NodeAttributes { { "value", "0" } })));

        var upload = await peer.ExpectAsync("iq", Ct);
        var before = await device.Store.LoadPreKeyInventoryAsync(Ct);
        Assert.Equal(812, upload.Child("list")!.Children.Count);
        Assert.Equal(812, before.Unpublished.Count);
        Assert.Equal(813U, before.NextId);

        await peer.WriteAsync(TestDevice.Answer(upload));
        await peer.ExpectAsync("iq", Ct);
        Assert.Empty((await device.Store.LoadPreKeyInventoryAsync(Ct)).Unpublished);
    }

    [Fact]
    public async Task A_server_with_another_root_is_refused()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server, o => o with { NoiseRoot = new NoiseRoot(KeyPair.Generate().PublicKey) });
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var closed = await device.StateAsync(ConnectionState.Closed, Ct);
        Assert.NotNull(closed.Status.NextTryAt);
        Assert.Equal(1, closed.Status.Attempt);
    }

    [Fact]
    public async Task A_ping_of_the_server_is_answered()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await peer.WriteAsync(new Node("iq", new NodeAttributes { { "from", "s.whatsapp.net" }, { "type", "get" }, { "xmlns", "urn:xmpp:ping" }, { "id", "p1" } }));
        var pong = await peer.ExpectAsync("iq", Ct);
        Assert.Equal(("result", "p1"), (pong["type"], pong["id"]));
    }

    [Fact]
    public async Task A_silent_server_is_given_up_and_tried_again_later()
    {
        var interval = TimeSpan.FromSeconds(30);
        var time = new WaitedClock();
        var waiting = time.WaitedAsync(interval);
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server, time: time);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await waiting;

        waiting = time.WaitedAsync(interval);
        time.Advance(interval);
        var ping = await peer.ExpectAsync("iq", Ct);
        Assert.Equal(("get", "w:p"), (ping["type"], ping["xmlns"]));
        Assert.NotNull(ping.Child("ping"));
        await waiting;
        time.Advance(interval);

        var closed = await device.StateAsync(ConnectionState.Closed, Ct);
        Assert.Equal(408, closed.Status.Reason!.Code);
        time.Advance(closed.Status.NextTryAt!.Value - time.GetUtcNow());
        Assert.NotNull(await server.NextAsync(Ct));
    }

    [Fact]
    public async Task Groups_that_changed_while_we_were_away_are_forgotten_and_the_server_is_told()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await TestDevice.LogInAsync(peer, Ct);
        var group = Jid.Parse("120363000000000001@g.us");
        Assert.Equal("before", await SubjectAsync("before"));

        await peer.WriteAsync(new Node("ib", new NodeAttributes { { "from", "s.whatsapp.net" } }, [new Node("dirty", new NodeAttributes { { "type", "groups" }, { "timestamp", "1700000001" } })]));
        var clean = await RequestAsync(node => node["xmlns"] == "urn:xmpp:whatsapp:dirty");
        Assert.Equal("groups", clean.Child("clean")!["type"]);
        await peer.WriteAsync(TestDevice.Answer(clean));

        Assert.Equal("after", await SubjectAsync("after"));

        async Task<string> SubjectAsync(string subject)
        {
            var asked = device.Client.Groups.FindAsync(group, Ct);
            var request = await RequestAsync(node => node["xmlns"] == "w:g2");
            await peer.WriteAsync(TestDevice.Answer(request, new Node("group", new NodeAttributes { { "id", group.User }, { "subject", subject } })));
            return (await asked)!.Subject;
        }

        async Task<Node> RequestAsync(Func<Node, bool> wanted)
        {
            while (true)
            {
                var node = await peer.ReadAsync(Ct) ?? throw new InvalidOperationException("The client left.");
                if (node.Tag == "iq" && wanted(node))
                    return node;
            }
        }
    }

    [Fact]
    public async Task Edge_routing_is_presented_at_the_next_connection()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        Assert.True(peer.Header!.RoutingInfo.IsEmpty);
        await peer.WriteAsync(new Node("ib", null, [new Node("edge_routing", null, [new Node("routing_info", null, new byte[] { 8, 8, 2 })])]));
        await peer.WriteAsync(new Node("ib", null, [new Node("offline_preview", new NodeAttributes { { "count", "0" } })]));
        var batch = await peer.ExpectAsync("ib", Ct);
        Assert.Equal("100", batch.Child("offline_batch")!["count"]);

        await peer.WriteAsync(new Node("stream:error", new NodeAttributes { { "code", "515" } }));
        var next = await server.NextAsync(Ct);
        Assert.Equal([8, 8, 2], next.Header!.RoutingInfo.ToArray());
    }

    [Theory]
    [InlineData("515", null, ConnectionState.Connecting)]
    [InlineData("401", "device_removed", ConnectionState.LoggedOut)]
    [InlineData("401", null, ConnectionState.LoggedOut)]
    [InlineData("440", "replaced", ConnectionState.Closed)]
    [InlineData("503", null, ConnectionState.Closed)]
    public async Task A_stream_error_leads_to_its_state_and_only_a_removal_wipes(string code, string? conflict, ConnectionState state)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await device.StateAsync(ConnectionState.Connecting, Ct);
        Node[] children = conflict is null ? [] : [new Node("conflict", new NodeAttributes { { "type", conflict } })];
        await peer.WriteAsync(new Node("stream:error", new NodeAttributes { { "code", code } }, children));

        var status = (await device.StateAsync(state, Ct)).Status;
        Assert.Equal(code == "503", status.NextTryAt is not null);
        if (state == ConnectionState.LoggedOut)
            await device.EventAsync<LoggedOut>(Ct);
        await device.Client.StopAsync(Ct);
        var stored = await device.Store.LoadCredentialsAsync(Ct);
        Assert.Equal(conflict != "device_removed", stored!.IsPaired);
    }

    [Fact]
    public async Task A_refused_login_archives_the_identity_and_the_next_start_registers_anew()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await peer.WriteAsync(new Node("failure", new NodeAttributes { { "reason", "403" } }));
        Assert.Equal(403, (await device.EventAsync<LoggedOut>(Ct)).Code);
        await device.Client.StopAsync(Ct);
        Assert.Equal(TestDevice.Phone, Assert.Single(device.Store.Archived).Device);

        device.Client.Start();
        Assert.NotNull((await server.NextAsync(Ct)).Payload.DevicePairingData);
    }

    [Theory]
    [InlineData("401")]
    [InlineData("440")]
    public async Task A_start_by_who_hears_that_it_is_over_starts_anew(string code)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.OnEvent = (e, _) =>
        {
            if (e is ConnectionChanged { Status.State: ConnectionState.LoggedOut or ConnectionState.Closed })
                device.Client.Start();
            return ValueTask.CompletedTask;
        };
        device.Client.Start();

        await (await server.NextAsync(Ct)).WriteAsync(new Node("stream:error", new NodeAttributes { { "code", code } }));

        await server.NextAsync(Ct);
        device.OnEvent = null;
    }

    [Fact]
    public async Task An_outdated_version_is_refreshed_and_tried_once()
    {
        await using var server = await ScriptedServer.StartAsync();
        var newer = new WhatsAppVersion(2, 3000, 1099999999);
        await using var device = new TestDevice(server, o => o with { RefreshVersion = _ => Task.FromResult<WhatsAppVersion?>(newer) });
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var first = await server.NextAsync(Ct);
        await first.WriteAsync(new Node("failure", new NodeAttributes { { "reason", "405" } }));
        var second = await server.NextAsync(Ct);
        Assert.Equal(newer.Tertiary, second.Payload.UserAgent.AppVersion.Tertiary);
        await second.WriteAsync(new Node("failure", new NodeAttributes { { "reason", "405" } }));
        var closed = await device.StateAsync(ConnectionState.Closed, Ct);
        Assert.Null(closed.Status.NextTryAt);
        Assert.True((await device.Store.LoadCredentialsAsync(Ct))!.IsPaired);
    }

    [Fact]
    public async Task Logout_tells_the_server_and_wipes()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await TestDevice.LogInAsync(peer, Ct);
        await peer.WriteAsync(TestDevice.Answer(await peer.ExpectAsync("iq", Ct)));
        await device.StateAsync(ConnectionState.Open, Ct);

        var logout = device.Client.LogoutAsync(Ct);
        Node? request;
        do
        {
            request = await peer.ReadAsync(Ct);
        }
        while (request!.Child("remove-companion-device") is null);
        Assert.Equal(TestDevice.Phone.ToString(), request.Child("remove-companion-device")!["jid"]);
        await peer.WriteAsync(TestDevice.Answer(request));
        await logout;
        Assert.Equal(ConnectionState.LoggedOut, device.Client.Status.State);
        Assert.False((await device.Store.LoadCredentialsAsync(Ct))!.IsPaired);
    }
}
