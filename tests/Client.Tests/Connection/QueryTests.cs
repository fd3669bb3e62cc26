using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Evolution.Client.Tests.Connection;

/// <summary>Requests and their answers.</summary>
public sealed class QueryTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_answer_finds_its_request_in_whatever_order_they_come()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        var peer = await OpenAsync(server, device);
        var (first, second) = (device.Client.Directory.OnWhatsAppAsync(["5511999990002"], Ct), device.Client.Directory.OnWhatsAppAsync(["5511999990003"], Ct));
        Node[] asked = [await LookupAsync(peer), await LookupAsync(peer)];

        foreach (var request in asked.Reverse())
            await peer.WriteAsync(Found(request));

        Assert.Equal("5511999990002", Assert.Single(await first).User.User);
        Assert.Equal("5511999990003", Assert.Single(await second).User.User);
    }

    [Fact]
    public async Task An_error_is_told_with_its_code()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        var peer = await OpenAsync(server, device);
        var answer = device.Client.Directory.OnWhatsAppAsync(["5511999990002"], Ct);
        var request = await LookupAsync(peer);

        await peer.WriteAsync(new Node("iq", new NodeAttributes { { "from", "s.whatsapp.net" }, { "type", "error" }, { "id", request["id"] } },
            [new Node("error", new NodeAttributes { { "code", "429" }, { "text", "rate-overlimit" } })]));

        Assert.Equal(429, (await Assert.ThrowsAsync<IqException>(() => answer)).Code);
    }

    [Fact]
    public async Task A_request_that_nobody_answers_ends_after_a_minute()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server, time: time);
        var peer = await OpenAsync(server, device);
        var answer = device.Client.Directory.OnWhatsAppAsync(["5511999990002"], Ct);
        await LookupAsync(peer);

        // In steps, and with signs of life, so that the keep-alive does not end the connection before.
        for (var second = 0; second < 60 && !answer.IsCompleted; second += 20)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await peer.WriteAsync(Ping($"p{second}"));
            while ((await peer.ReadAsync(Ct))?["id"] != $"p{second}")
            {
                // Pings of the client's own, and what every login sends.
            }
        }

        Assert.Same(answer, await Task.WhenAny(answer, new TaskCompletionSource().Task.WaitAsync(s_limit, Ct)));
        await Assert.ThrowsAsync<TimeoutException>(() => answer);
    }

    [Fact]
    public async Task A_connection_that_is_lost_ends_what_waits()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var device = new TestDevice(server);
        var peer = await OpenAsync(server, device);
        var answer = device.Client.Directory.OnWhatsAppAsync(["5511999990002"], Ct);
        await LookupAsync(peer);

        await peer.CloseAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(() => answer.WaitAsync(s_limit, Ct));
    }

    private static async Task<ScriptedServer.Peer> OpenAsync(ScriptedServer server, TestDevice device)
    {
        await device.PairOfflineAsync(Ct);
        device.Client.Start();
        var peer = await server.NextAsync(Ct);
        await TestDevice.LogInAsync(peer, Ct);
        await peer.WriteAsync(TestDevice.Answer(await peer.ExpectAsync("iq", Ct)));
        await device.StateAsync(ConnectionState.Open, Ct);
        return peer;
    }

    /// <summary>The next look-up of a number; other requests are answered.</summary>
    private static async Task<Node> LookupAsync(ScriptedServer.Peer peer)
    {
        while (true)
        {
            var node = await peer.ReadAsync(Ct) ?? throw new InvalidOperationException("The client left.");
            if (node["xmlns"] == "usync")
                return node;
            if (node.Tag == "iq")
                await peer.WriteAsync(TestDevice.Answer(node));
        }
    }

    private static Node Found(Node request)
    {
        var asked = request.Child("usync")!.Child("list")!.Children[0].Child("contact")!.Text!.TrimStart('+');
        return TestDevice.Answer(request, new Node("usync", null,
        [
            new Node("list", null,
            [
                new Node("user", new NodeAttributes { { "jid", $"{asked}@s.whatsapp.net" } }, [new Node("contact", new NodeAttributes { { "type", "in" } })]),
            ]),
        ]));
    }

    private static Node Ping(string id) =>
        new("iq", new NodeAttributes { { "from", "s.whatsapp.net" }, { "type", "get" }, { "xmlns", "urn:xmpp:ping" }, { "id", id } });
}
