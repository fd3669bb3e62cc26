using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Groups, the whole way: REST, our client, the simulator's phones, and back to a webhook.</summary>
public sealed class GroupTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_to_a_group_reaches_its_members_and_each_ones_receipt_the_webhook(bool byLid)
    {
        var group = await GroupAsync(byLid);

        var sent = await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = group.ToString(), text = "Hello club" }, Ct);

        var id = (string)sent["key"]!["id"]!;
        Assert.Equal(group.ToString(), (string?)sent["key"]!["remoteJid"]);
        Assert.Equal("Hello club", (await _linked.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct)).Text);
        await _linked.Receiver.WaitAsync("send.message", data => (string?)data["key"]!["id"] == id, Ct);
        await _linked.Other.ReadAsync(group.ToString(), [id]);
        foreach (var status in new[] { "DELIVERY_ACK", "READ" })
        {
            var update = await _linked.Receiver.WaitAsync("messages.update", data => (string?)data["keyId"] == id && (string?)data["status"] == status, Ct);
            Assert.Equal((group.ToString(), LinkedGateway.OtherJid), ((string?)update["data"]!["remoteJid"], (string?)update["data"]!["participant"]));
        }

        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_members_text_comes_with_his_number_whatever_the_group_calls_him(bool byLid)
    {
        var group = await GroupAsync(byLid);

        var id = await _linked.Other.SendTextAsync(group.ToString(), "Hello gateway");

        var upsert = await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
        var key = upsert["data"]!["key"]!;
        Assert.Equal((group.ToString(), LinkedGateway.OtherJid), ((string?)key["remoteJid"], (string?)key["participant"]));
        Assert.Equal(byLid ? LinkedGateway.OtherJid : _linked.Other.Lid.ToString(), (string?)key["participantAlt"]);
        Assert.Equal(byLid ? _linked.Other.Lid.ToString() : null, (string?)key["participantLid"]);
        Assert.Equal(("Bob", "Hello gateway"), ((string?)upsert["data"]!["pushName"], (string?)upsert["data"]!["message"]!["conversation"]));
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { remoteJid = group.ToString() } } }, Ct);
        Assert.Equal(id, (string?)found["messages"]!["records"]![0]!["key"]!["id"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_chat_that_is_new_is_not_called_by_who_wrote_first_but_by_whom_it_is_with()
    {
        var group = await GroupAsync();
        await _linked.Other.SendTextAsync(group.ToString(), "in the group");
        await _linked.Own.SendTextAsync(LinkedGateway.OtherNumber, "from the own phone");
        var carol = await _linked.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        await carol.SendTextAsync(LinkedGateway.OwnNumber, "from somebody");

        async Task<string?> NameAsync(string chat) =>
            (string?)(await _linked.Receiver.WaitAsync("chats.upsert", data => (string?)data[0]!["remoteJid"] == chat, Ct))["data"]![0]!["name"];

        Assert.Equal((null, null, "Carol"), (await NameAsync(group.ToString()), await NameAsync(LinkedGateway.OtherJid), await NameAsync(carol.Jid.ToString())));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Mentions_of_everyone_name_the_members_and_a_group_that_is_none_is_refused()
    {
        var group = await GroupAsync();

        await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = group.ToString(), text = "all of you", mentionsEveryOne = true }, Ct);

        var seen = await _linked.Other.WaitForMessageAsync(message => message.Text == "all of you", ct: Ct);
        Assert.Equal(
            [.. new[] { _linked.Own.Lid.ToString(), _linked.Other.Lid.ToString() }.Order(StringComparer.Ordinal)],
            seen.Content.ExtendedTextMessage.ContextInfo.MentionedJid.Order(StringComparer.Ordinal));
        using var refused = await _linked.Gateway.Http.PostAsJsonAsync("/message/sendText/sales", new { number = "120363000000000000@g.us", text = "anybody?" }, Ct);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_stranger_may_be_mentioned_and_gets_nothing()
    {
        var carol = await _linked.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        var group = await GroupAsync();

        var sent = await _linked.Gateway.PostAsync(
            "/message/sendText/sales", new { number = group.ToString(), text = "where are they?", mentioned = new[] { carol.Number, "5511999990099" } }, Ct);

        var seen = await _linked.Other.WaitForMessageAsync(message => message.Id == (string)sent["key"]!["id"]!, ct: Ct);
        string[] mentioned = [carol.Jid.ToString(), "5511999990099@s.whatsapp.net"];
        Assert.Equal(mentioned, seen.Content.ExtendedTextMessage.ContextInfo.MentionedJid);
        Assert.Null(carol.FindMessage(seen.Id));
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_new_group_and_its_changes_are_told()
    {
        var group = await GroupAsync();
        var joined = await _linked.Receiver.WaitAsync("groups.upsert", null, Ct);
        var metadata = Assert.IsType<JsonArray>(joined["data"])[0]!;
        Assert.Equal((group.ToString(), "Club", 2), ((string?)metadata["id"], (string?)metadata["subject"], (int)metadata["size"]!));
        Assert.Contains(metadata["participants"]!.AsArray(), member => (string?)member!["phoneNumber"] == LinkedGateway.OtherJid && (string?)member["admin"] == "superadmin");

        await _linked.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        await _linked.Simulator.World.ChangeGroupAsync(group, "add", "5511999990003");

        var added = await _linked.Receiver.WaitAsync("group-participants.update", null, Ct);
        Assert.Equal(("add", "5511999990003@s.whatsapp.net"), ((string?)added["data"]!["action"], (string?)added["data"]!["participants"]![0]));
        Assert.Equal(LinkedGateway.OtherJid, (string?)added["data"]!["author"]);
        Assert.Equal("5511999990003@s.whatsapp.net", (string?)added["data"]!["participantsData"]![0]!["phoneNumber"]);
    }

    private Task<Jid> GroupAsync(bool byLid = true) =>
        _linked.Simulator.World.CreateGroupAsync(LinkedGateway.OtherNumber, "Club", [LinkedGateway.OwnNumber], byLid);
}
