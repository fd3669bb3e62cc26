namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Messages that can't be decrypted when they come.</summary>
public sealed class UnreadableMessageTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task It_is_kept_at_once_and_told_once_when_its_content_has_come()
    {
        // The phone's messages to its own companion are over then.
        var before = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "Hello");
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == before, Ct);
        await _linked.ControlAsync("/v1/faults", new { when = new { tag = "message", type = "text" }, @do = new { corrupt = true } }, Ct);

        var id = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "Can you read this?");

        var read = (await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["message"]!["conversation"] == "Can you read this?", Ct))["data"]!;
        Assert.Equal(id, (string?)read["key"]!["id"]);
        var told = _linked.Receiver.Events.Where(e => (string?)e["event"] == "messages.upsert").Select(e => e["data"]!).Skip(1).ToList();
        Assert.Equal([id], told.Select(data => (string)data["key"]!["id"]!));
        Assert.Equal(2, await UnreadAsync());
    }

    private async Task<int> UnreadAsync()
    {
        var chats = await _linked.Gateway.PostAsync("/chat/findChats/sales", new { }, Ct);
        return (int)Assert.Single(chats.AsArray(), chat => (string?)chat!["remoteJid"] == LinkedGateway.OtherJid)!["unreadCount"]!;
    }
}
