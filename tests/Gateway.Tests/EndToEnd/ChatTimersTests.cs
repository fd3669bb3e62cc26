using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Gateway.Tests.EndToEnd.Receiving;
using Evolution.Proto;
using Evolution.Simulator.Phones;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Chats whose messages disappear: what the gateway sends there disappears as what people write.</summary>
public sealed class ChatTimersTests(LinkedGatewayFixture fixture) : IClassFixture<LinkedGatewayFixture>, IAsyncLifetime
{
    private const uint Day = 86_400;
    private const uint Week = 604_800;
    private Phone _carol = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private LinkedGateway Linked => fixture.Linked;

    public async ValueTask InitializeAsync() => _carol = await fixture.CreatePhoneAsync("Carol");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_has_the_time_that_the_other_one_set_until_it_is_taken_back()
    {
        await SetAsync(_carol, LinkedGateway.OwnNumber, Day);
        Assert.Equal(Day, (await TextAsync(_carol.Number, _carol)).Expiration);

        await SetAsync(_carol, LinkedGateway.OwnNumber, 0);
        Assert.False((await TextAsync(_carol.Number, _carol)).HasExpiration);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_own_phone_sets_it_too_and_for_that_chat_alone()
    {
        await SetAsync(Linked.Own, _carol.Number, Week);

        Assert.Equal(Week, (await TextAsync(_carol.Number, _carol)).Expiration);
        Assert.False((await TextAsync(LinkedGateway.OtherNumber, Linked.Other)).HasExpiration);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_message_that_disappears_tells_it_and_a_later_one_that_stays_does_not_take_it_back()
    {
        await Linked.ControlAsync($"/v1/phones/{_carol.Number}/messages", new { to = LinkedGateway.OwnNumber, text = "gone tomorrow", ephemeral = Day }, Ct);
        var id = await _carol.SendTextAsync(LinkedGateway.OwnNumber, "from a bot that knows nothing of it");
        await Linked.UpsertAsync(id, Ct);

        Assert.Equal(Day, (await TextAsync(_carol.Number, _carol)).Expiration);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_to_a_group_has_the_groups_time_on_the_wire_and_in_what_is_told_of_it()
    {
        var group = (await Linked.Simulator.World.CreateGroupAsync(_carol.Number, "Club", [LinkedGateway.OwnNumber], true)).ToString();
        Assert.Null((await SendAsync(group, _carol)).Content.ExtendedTextMessage?.ContextInfo);
        await PatchAsync(group, Week);

        var (answer, content) = await SendAsync(group, _carol);

        Assert.Equal(Week, content.ExtendedTextMessage.ContextInfo.Expiration);
        Assert.Equal((int)Week, (int)answer["contextInfo"]!["expiration"]!);
        await PatchAsync(group, 0);
        Assert.Null((await SendAsync(group, _carol)).Content.ExtendedTextMessage?.ContextInfo);
    }

    private async Task SetAsync(Phone phone, string to, uint seconds)
    {
        var setting = new Message { ProtocolMessage = new() { Type = ProtocolType.EphemeralSetting, EphemeralExpiration = seconds } };
        await phone.SendAsync(to, new Message { EphemeralMessage = new() { Message = setting } });
        // What comes after it in the same chat comes out after it.
        var id = await phone.SendTextAsync(to, "done");
        await Linked.UpsertAsync(id, Ct);
    }

    private async Task PatchAsync(string group, uint seconds)
    {
        using var http = new HttpClient { BaseAddress = Linked.Simulator.ControlUrl };
        using var answer = await http.PatchAsJsonAsync($"/v1/groups/{group}", new { ephemeral = seconds }, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(seconds, (uint)(await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!["ephemeral"]!);
        // The gateway has heard of it once it has what was said afterwards.
        await Linked.UpsertAsync(await _carol.SendTextAsync(group, "set"), Ct);
    }

    private async Task<ContextInfo> TextAsync(string to, Phone reader) => (await SendAsync(to, reader)).Content.ExtendedTextMessage?.ContextInfo ?? new ContextInfo();

    private async Task<(JsonNode Answer, Message Content)> SendAsync(string to, Phone reader)
    {
        var answer = await Linked.Gateway.PostAsync("/message/sendText/sales", new { number = to, text = "hello" }, Ct);
        var id = (string)answer["key"]!["id"]!;
        return (answer, (await reader.WaitForMessageAsync(message => message.Id == id, ct: Ct)).Content);
    }
}
