using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A chat with a person bears the name that the person has chosen last.</summary>
public sealed class ChatNamesTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_new_name_is_told_once_and_shown_from_then_on()
    {
        await WriteAsync("first");
        await _linked.ControlAsync($"/v1/phones/{LinkedGateway.OtherNumber}/profile", new { name = "Bob Jones" }, Ct);
        var before = _linked.Receiver.Events.Count;

        await WriteAsync("second");
        await WriteAsync("third");

        var chat = await _linked.Gateway.GetAsync($"/chat/findChatByRemoteJid/sales?remoteJid={LinkedGateway.OtherJid}", Ct);
        Assert.Equal("Bob Jones", (string?)chat["name"]);
        var told = Assert.Single(_linked.Receiver.Events.Skip(before), e => (string?)e["event"] == "chats.upsert");
        Assert.Equal($$"""[{"id":"{{(string?)chat["id"]}}","name":"Bob Jones"}]""", told["data"]!.ToJsonString());
        Assert.Equal("Bob Jones", (string?)(await _linked.Gateway.PostAsync("/chat/findChats/sales", new JsonObject(), Ct))[0]!["pushName"]);
    }

    private async Task WriteAsync(string text)
    {
        var id = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, text);
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
    }
}
