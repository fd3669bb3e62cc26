using System.Text.Json.Nodes;
using Evolution.Proto;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Edits and deletions, both ways.</summary>
public sealed class MessageChangeTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_edit_that_arrives_is_told_and_changes_the_stored_message(bool wrapped)
    {
        var id = await ReceiveAsync("teh text");

        await SendChangeAsync(Edit(id, "the text"), wrapped);

        var told = (await _linked.Receiver.WaitAsync("messages.edited", null, Ct))["data"]!;
        Assert.Equal(
            (LinkedGateway.OtherJid, false, id, "MESSAGE_EDIT", "the text"),
            ((string?)told["key"]!["remoteJid"], (bool)told["key"]!["fromMe"]!, (string?)told["key"]!["id"], (string?)told["type"], (string?)told["editedMessage"]!["conversation"]));
        var row = await FindAsync(id);
        Assert.Equal("the text", (string?)row["message"]!["conversation"]);
        Assert.Equal(["EDITED"], row["MessageUpdate"]!.AsArray().Select(update => (string?)update!["status"]));
        Assert.Single(_linked.Receiver.Events, e => (string?)e["event"] == "messages.upsert");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_deletion_that_arrives_is_told_and_marks_the_stored_message()
    {
        var id = await ReceiveAsync("oops");

        await SendChangeAsync(Revoke(id), wrapped: false);

        var told = (await _linked.Receiver.WaitAsync("messages.delete", null, Ct))["data"]!;
        Assert.Equal((LinkedGateway.OtherJid, false, id), ((string?)told["remoteJid"], (bool)told["fromMe"]!, (string?)told["id"]));
        var row = await FindAsync(id);
        Assert.True((bool?)row["key"]!["deleted"]);
        Assert.Equal(["DELETED"], row["MessageUpdate"]!.AsArray().Select(update => (string?)update!["status"]));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Nobody_changes_what_another_wrote()
    {
        var own = await SendAsync("mine");

        await SendChangeAsync(Edit(own, "theirs"), wrapped: false);
        await SendChangeAsync(Revoke(own), wrapped: true);

        // What comes after in the same chat was handled after.
        await ReceiveAsync("done");
        Assert.Equal("mine", (string?)(await FindAsync(own))["message"]!["conversation"]);
        Assert.DoesNotContain(_linked.Receiver.Events, e => (string?)e["event"] is "messages.edited" or "messages.delete");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_edit_through_the_API_reaches_the_phone_the_webhook_and_the_row()
    {
        var id = await SendAsync("teh text");

        var answer = await _linked.Gateway.PostAsync("/chat/updateMessage/sales", Update(id, "the text"), Ct);

        var protocol = answer["message"]!["protocolMessage"]!;
        Assert.Equal(("MESSAGE_EDIT", id, "the text"), ((string?)protocol["type"], (string?)protocol["key"]!["id"], (string?)protocol["editedMessage"]!["extendedTextMessage"]!["text"]));
        Assert.Equal(("PENDING", true), ((string?)answer["status"], (bool)answer["key"]!["fromMe"]!));
        Assert.Matches("^[0-9]{10}$", (string?)answer["messageTimestamp"]);
        var told = await _linked.Receiver.WaitAsync("send.message.update", null, Ct);
        Assert.Equal(protocol.ToJsonString(), told["data"]!.ToJsonString());
        var seen = await _linked.Other.WaitForMessageAsync(message => message.Id == (string)answer["key"]!["id"]!, ct: Ct);
        Assert.Equal((id, ProtocolType.MessageEdit), (seen.Content.ProtocolMessage.Key.Id, seen.Content.ProtocolMessage.Type));
        Assert.Equal("the text", (string?)(await FindAsync(id))["message"]!["conversation"]);
        Assert.Single(_linked.Receiver.Events, e => (string?)e["event"] == "send.message");
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_deletion_through_the_API_reaches_the_phone_and_removes_the_row()
    {
        await SendAsync("before");
        var id = await SendAsync("oops");

        var answer = await _linked.Gateway.DeleteAsync("/chat/deleteMessageForEveryone/sales", new { id, fromMe = true, remoteJid = LinkedGateway.OtherJid }, Ct);

        Assert.Equal(("REVOKE", id), ((string?)answer["message"]!["protocolMessage"]!["type"], (string?)answer["message"]!["protocolMessage"]!["key"]!["id"]));
        var told = (await _linked.Receiver.WaitAsync("messages.delete", null, Ct))["data"]!;
        Assert.Equal(("DELETED", id, "oops"), ((string?)told["status"], (string?)told["key"]!["id"], (string?)told["message"]!["conversation"]));
        var seen = await _linked.Other.WaitForMessageAsync(message => message.Id == (string)answer["key"]!["id"]!, ct: Ct);
        Assert.Equal((id, ProtocolType.Revoke), (seen.Content.ProtocolMessage.Key.Id, seen.Content.ProtocolMessage.Type));
        Assert.Empty((await FindRowsAsync(id)).AsArray());
        var chat = Assert.Single((await _linked.Gateway.PostAsync("/chat/findChats/sales", new { }, Ct)).AsArray());
        Assert.Equal("before", (string?)chat!["lastMessage"]!["message"]!["conversation"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Where_deleted_messages_are_kept_the_row_is_marked()
    {
        await _linked.DisposeAsync();
        _linked = await LinkedGateway.StartAsync(Ct, ("DATABASE_DELETE_MESSAGE", "true"));
        var id = await SendAsync("oops");

        await _linked.Gateway.DeleteAsync("/chat/deleteMessageForEveryone/sales", new { id, fromMe = true, remoteJid = LinkedGateway.OtherJid }, Ct);

        Assert.True((bool?)(await FindAsync(id))["key"]!["deleted"]);
        var told = (await _linked.Receiver.WaitAsync("messages.delete", null, Ct))["data"]!;
        Assert.True((bool?)told["key"]!["deleted"]);
        await RefusedAsync(Update(id, "again"), "You cannot edit deleted messages");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_can_not_be_edited_is_refused_before_anything_is_sent()
    {
        var theirs = await ReceiveAsync("theirs");
        var own = await SendAsync("mine");

        await RefusedAsync(Update("3EB000000000000000FFFF", "x"), "Message not compatible");
        await RefusedAsync(Update(theirs, "x"), "You cannot edit others messages");
        await RefusedAsync(new { number = "5511999990009", text = "x", key = new { id = own, fromMe = true, remoteJid = LinkedGateway.OtherJid } }, "RemoteJid does not match");
        Assert.Equal("mine", (string?)(await FindAsync(own))["message"]!["conversation"]);
    }

    private static object Update(string id, string text) =>
        new { number = LinkedGateway.OtherNumber, text, key = new { id, fromMe = true, remoteJid = LinkedGateway.OtherJid } };

    private static Message.Types.ProtocolMessage Edit(string id, string text) => new()
    {
        Key = new MessageKey { RemoteJid = $"{LinkedGateway.OwnNumber}@s.whatsapp.net", FromMe = true, Id = id },
        Type = ProtocolType.MessageEdit,
        EditedMessage = new Message { Conversation = text },
        TimestampMs = 1_730_640_399_123,
    };

    private static Message.Types.ProtocolMessage Revoke(string id) => new()
    {
        Key = new MessageKey { RemoteJid = $"{LinkedGateway.OwnNumber}@s.whatsapp.net", FromMe = true, Id = id },
        Type = ProtocolType.Revoke,
    };

    private async Task SendChangeAsync(Message.Types.ProtocolMessage change, bool wrapped)
    {
        var bare = new Message { ProtocolMessage = change };
        await _linked.Other.SendAsync(
            LinkedGateway.OwnNumber, wrapped ? new Message { EditedMessage = new Message.Types.FutureProofMessage { Message = bare } } : bare);
    }

    private async Task<string> SendAsync(string text)
    {
        var sent = await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text }, Ct);
        return (string)sent["key"]!["id"]!;
    }

    private async Task<string> ReceiveAsync(string text)
    {
        var id = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, text);
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
        return id;
    }

    private async Task<JsonNode> FindRowsAsync(string id) =>
        (await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { id } } }, Ct))["messages"]!["records"]!;

    private async Task<JsonNode> FindAsync(string id) => (await FindRowsAsync(id))[0]!;

    private async Task RefusedAsync(object update, string message) =>
        Assert.Equal(message, (string?)(await _linked.Gateway.RefusedAsync("/chat/updateMessage/sales", update, Ct))["response"]!["message"]![0]);
}
