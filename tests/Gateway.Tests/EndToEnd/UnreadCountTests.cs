using Evolution.Gateway.Tests.EndToEnd.Receiving;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>How many messages of a chat nobody has read: more with each that comes, fewer whoever reads.</summary>
public sealed class UnreadCountTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_phone_reads_some_and_then_answers()
    {
        var ids = await ReceiveThreeAsync();
        Assert.Equal(3, await UnreadAsync());

        await _linked.Own.ReadAsync(LinkedGateway.OtherNumber, [ids[1]]);
        await _linked.Receiver.WaitAsync("messages.update", data => (string?)data["keyId"] == ids[1] && (string?)data["status"] == "READ", Ct);
        Assert.Equal(1, await UnreadAsync());
        // What came before it is read too, and takes nothing away from what came after.
        await _linked.Own.ReadAsync(LinkedGateway.OtherNumber, [ids[0]]);
        await _linked.Receiver.WaitAsync("messages.update", data => (string?)data["keyId"] == ids[0] && (string?)data["status"] == "READ", Ct);
        Assert.Equal(1, await UnreadAsync());

        await _linked.UpsertAsync(await _linked.Own.SendTextAsync(LinkedGateway.OtherNumber, "answer"), Ct);
        Assert.Equal(0, await UnreadAsync());
        await _linked.UpsertAsync(await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "and then"), Ct);
        Assert.Equal(1, await UnreadAsync());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_API_reads_and_what_it_sends_reads_nothing()
    {
        var ids = await ReceiveThreeAsync();
        await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text = "a robot" }, Ct);
        Assert.Equal(3, await UnreadAsync());

        await ReadAsync(ids[1]);
        Assert.Equal(1, await UnreadAsync());
        await ReadAsync(ids[2]);
        Assert.Equal(0, await UnreadAsync());
        await ReadAsync("3EB0000000000000000000");
        Assert.Equal(0, await UnreadAsync());
    }

    private async Task<IReadOnlyList<string>> ReceiveThreeAsync()
    {
        var ids = new List<string>();
        foreach (var text in (string[])["one", "two", "three"])
        {
            ids.Add(await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, text));
            await _linked.UpsertAsync(ids[^1], Ct);
        }

        return ids;
    }

    private Task ReadAsync(string id) => _linked.Gateway.PostAsync(
        "/chat/markMessageAsRead/sales", new { readMessages = new[] { new { id, fromMe = false, remoteJid = LinkedGateway.OtherJid } } }, Ct);

    private async Task<int> UnreadAsync() =>
        (int)(await _linked.Gateway.GetAsync($"/chat/findChatByRemoteJid/sales?remoteJid={LinkedGateway.OtherJid}", Ct))["unreadMessages"]!;
}
