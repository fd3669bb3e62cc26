namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Calls that come, and what the settings do about them.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private const string Sorry = "We can't take calls, please write";
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_call_is_told_refused_and_answered_in_writing()
    {
        await SetAsync(rejectCall: true, Sorry);

        var call = await _linked.Other.Calls.OfferAsync(LinkedGateway.OwnNumber, video: true);

        var told = (await _linked.Receiver.WaitAsync("call", null, Ct))["data"]!;
        Assert.Equal((LinkedGateway.OtherJid, LinkedGateway.OtherJid, call.Id, "offer"), ((string?)told["chatId"], (string?)told["from"], (string?)told["id"], (string?)told["status"]));
        Assert.Equal((true, false, false), ((bool)told["isVideo"]!, (bool)told["isGroup"]!, (bool)told["offline"]!));
        await _linked.Other.WaitForMessageAsync(message => message.Text == Sorry, ct: Ct);
        Assert.Equal("reject", Assert.Single(_linked.Other.Calls.All).State);
        await _linked.Receiver.WaitAsync("send.message", data => (string?)data["message"]!["conversation"] == Sorry, Ct);
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_for_callers_alone_does_nothing()
    {
        await SetAsync(rejectCall: false, Sorry);

        await _linked.Other.Calls.OfferAsync(LinkedGateway.OwnNumber);
        await _linked.Receiver.WaitAsync("call", null, Ct);
        await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text = "after the call" }, Ct);

        await _linked.Other.WaitForMessageAsync(message => message.Text == "after the call", ct: Ct);
        Assert.DoesNotContain(_linked.Other.MessagesAfter(), message => message.Text == Sorry);
        Assert.Equal("ringing", Assert.Single(_linked.Other.Calls.All).State);
    }

    private Task SetAsync(bool rejectCall, string msgCall) => _linked.Gateway.PostAsync(
        "/settings/set/sales",
        new { rejectCall, msgCall, groupsIgnore = false, alwaysOnline = false, readMessages = false, readStatus = false, syncFullHistory = false },
        Ct);
}
