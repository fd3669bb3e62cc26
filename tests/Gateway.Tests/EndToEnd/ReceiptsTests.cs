using System.Text.Json.Nodes;
using Evolution.Client;
using Evolution.Gateway.Tests.EndToEnd.Receiving;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>How far messages got: what the webhook hears of ours, and what the authors of others' hear from us.</summary>
public sealed class ReceiptsTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Each_step_of_a_voice_note_is_told_once_and_in_order_and_none_that_comes_late()
    {
        await _linked.Other.GoOfflineAsync();
        var id = await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = Convert.ToBase64String(MediaSample.Opus(2)), encoding = false });
        await ToldAsync(id, "SERVER_ACK");
        await _linked.Other.GoOnlineAsync();
        await ToldAsync(id, "DELIVERY_ACK");
        await _linked.Other.ReadAsync(LinkedGateway.OwnNumber, [id]);
        await ToldAsync(id, "READ");
        await _linked.Other.ReadAsync(LinkedGateway.OwnNumber, [id], played: true);
        await ToldAsync(id, "PLAYED");

        await _linked.Other.ReadAsync(LinkedGateway.OwnNumber, [id]);
        await _linked.SettleAsync(Ct);

        var updates = UpdatesOf(id);
        Assert.Equal(["SERVER_ACK", "DELIVERY_ACK", "READ", "PLAYED"], updates.Select(data => (string?)data["status"]));
        var row = (await _linked.FindAsync(id, Ct))!;
        Assert.All(updates, data => Assert.Equal(
            (LinkedGateway.OtherJid, true, null, (string?)row["id"], (string?)row["instanceId"]),
            ((string?)data["remoteJid"], (bool)data["fromMe"]!, (string?)data["participant"], (string?)data["messageId"], (string?)data["instanceId"])));
        Assert.Equal(["SERVER_ACK", "DELIVERY_ACK", "READ", "PLAYED"], row["MessageUpdate"]!.AsArray().Select(update => (string?)update!["status"]));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task In_a_group_each_members_steps_are_told_with_his_name()
    {
        var carol = await _linked.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        var group = await _linked.Simulator.World.CreateGroupAsync(LinkedGateway.OtherNumber, "Club", [LinkedGateway.OwnNumber, carol.Number], true);

        var id = await SendAsync("sendText", new { number = group.ToString(), text = "Hello club" });
        foreach (var member in new[] { LinkedGateway.OtherJid, carol.Jid.ToString() })
            await ToldAsync(id, "DELIVERY_ACK", member);
        await _linked.Other.ReadAsync(group.ToString(), [id]);
        await ToldAsync(id, "READ", LinkedGateway.OtherJid);
        await carol.ReadAsync(group.ToString(), [id], played: true);
        await ToldAsync(id, "PLAYED", carol.Jid.ToString());

        Assert.All(UpdatesOf(id), data => Assert.Equal(group.ToString(), (string?)data["remoteJid"]));
        Assert.Equal(
            [$" SERVER_ACK", $"{LinkedGateway.OtherJid} DELIVERY_ACK", $"{LinkedGateway.OtherJid} READ", $"{carol.Jid} DELIVERY_ACK", $"{carol.Jid} PLAYED"],
            UpdatesOf(id).Select(data => $"{data["participant"]} {data["status"]}").Order(StringComparer.Ordinal));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(MessageErrorCode.Restricted, "begin no chats")]
    [InlineData(MessageErrorCode.InvalidStanza, "malformed")]
    [InlineData(406, "WhatsApp refused the message")]
    public async Task What_the_server_refuses_is_told_with_its_code_and_meaning_and_never_sent_again(int code, string meaning)
    {
        await _linked.ControlAsync(
            "/v1/faults", new { client = LinkedGateway.OwnNumber, when = new { direction = "fromClient", tag = "message" }, @do = new { ackError = code } }, Ct);

        var id = await SendAsync("sendText", new { number = LinkedGateway.OtherNumber, text = "refused" });

        var told = await ToldAsync(id, "ERROR");
        Assert.Equal(code, (int?)told["errorCode"]);
        Assert.Contains(meaning, (string)told["errorText"]!, StringComparison.Ordinal);
        Assert.Equal(["ERROR"], (await _linked.FindAsync(id, Ct))!["MessageUpdate"]!.AsArray().Select(update => (string?)update!["status"]));
        // What a message without an ack would be is repeated after a reconnect.
        await _linked.ControlAsync("/v1/faults", new { client = LinkedGateway.OwnNumber, @do = new { cut = true } }, Ct);
        var next = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "are you back?");
        await _linked.UpsertAsync(next, Ct);
        var after = await SendAsync("sendText", new { number = LinkedGateway.OtherNumber, text = "after" });
        await _linked.Other.WaitForMessageAsync(message => message.Id == after, ct: Ct);
        Assert.Null(_linked.Other.FindMessage(id));
        Assert.Single(UpdatesOf(id));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Where_messages_are_not_saved_their_steps_are_told_without_a_row()
    {
        await _linked.DisposeAsync();
        _linked = await LinkedGateway.StartAsync(Ct, ("DATABASE_SAVE_DATA_NEW_MESSAGE", "false"));

        var id = await SendAsync("sendText", new { number = LinkedGateway.OtherNumber, text = "Hello" });
        await _linked.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct);
        await _linked.Other.ReadAsync(LinkedGateway.OwnNumber, [id]);

        var told = await ToldAsync(id, "READ");
        Assert.False(told.AsObject().ContainsKey("messageId"));
        Assert.Equal((LinkedGateway.OtherJid, true), ((string?)told["remoteJid"], (bool)told["fromMe"]!));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_step_that_the_receiver_does_not_take_holds_what_follows_in_its_chat()
    {
        await _linked.SubscribeAsync(Ct, events: ["MESSAGES_UPDATE", "MESSAGES_UPSERT"]);
        var id = await SendAsync("sendText", new { number = LinkedGateway.OtherNumber, text = "Hello" });
        await ToldAsync(id, "DELIVERY_ACK");
        _linked.Receiver.Answers.Enqueue(500);

        await _linked.Other.ReadAsync(LinkedGateway.OwnNumber, [id]);
        var answer = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "Hello yourself");

        await _linked.UpsertAsync(answer, Ct);
        Assert.Empty(_linked.Receiver.Answers);
        Assert.Equal(
            ["READ", answer],
            _linked.Receiver.Events.Select(e => e["data"]!).Select(data => (string?)data["status"] == "READ" ? "READ" : (string?)data["key"]?["id"]).TakeLast(2));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_settings_say_whether_messages_and_statuses_are_read(bool reads)
    {
        var group = await _linked.Simulator.World.CreateGroupAsync(LinkedGateway.OtherNumber, "Club", [LinkedGateway.OwnNumber], true);
        await _linked.SettleAsync(Ct);
        await SetAsync(readMessages: reads, readStatus: true);

        string[] ids =
        [
            await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "to you"),
            await _linked.Other.SendTextAsync(group.ToString(), "to all"),
            await _linked.Other.SendTextAsync("status", "to whom it concerns"),
        ];

        foreach (var id in ids)
        {
            await _linked.UpsertAsync(id, Ct);
            var sent = await _linked.Other.WaitForMessageAsync(message => message.Id == id && (message.Receipts.Read is not null || !reads), ct: Ct);
            Assert.Equal(reads, sent.Receipts.Read is not null);
        }
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_status_that_nobody_wants_is_neither_told_nor_stored_nor_read()
    {
        await _linked.SettleAsync(Ct);
        await SetAsync(readMessages: true, readStatus: false);

        var status = await _linked.Other.SendTextAsync("status", "to whom it concerns");
        var message = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "to you");

        await _linked.Other.WaitForMessageAsync(sent => sent.Id == message && sent.Receipts.Read is not null, ct: Ct);
        await _linked.Other.WaitForMessageAsync(sent => sent.Id == status && sent.Receipts.Delivered is not null, ct: Ct);
        Assert.Empty(_linked.EventsOf(status));
        Assert.Null(await _linked.FindAsync(status, Ct));
        Assert.Null(_linked.Other.FindMessage(status)!.Receipts.Read);
    }

    private Task SetAsync(bool readMessages, bool readStatus) => _linked.Gateway.PostAsync(
        "/settings/set/sales", new { rejectCall = false, groupsIgnore = false, alwaysOnline = false, readMessages, readStatus, syncFullHistory = false }, Ct);

    private async Task<string> SendAsync(string route, object body) =>
        (string)(await _linked.Gateway.PostAsync($"/message/{route}/sales", body, Ct))["key"]!["id"]!;

    private async Task<JsonNode> ToldAsync(string id, string status, string? participant = null) => (await _linked.Receiver.WaitAsync(
        "messages.update", data => (string?)data["keyId"] == id && (string?)data["status"] == status && (string?)data["participant"] == participant, Ct))["data"]!;

    private List<JsonNode> UpdatesOf(string id) =>
        [.. _linked.Receiver.Events.Where(e => (string?)e["event"] == "messages.update" && (string?)e["data"]!["keyId"] == id).Select(e => e["data"]!)];
}
