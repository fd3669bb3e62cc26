using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Phones;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>Who wrote a message of a group: receipts, reactions, quotes and deletions name him though clients give no more than chat and id.</summary>
public sealed class GroupAuthorsTests(LinkedGatewayFixture fixture) : IClassFixture<LinkedGatewayFixture>, IAsyncLifetime
{
    private Phone _carol = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private LinkedGateway Linked => fixture.Linked;

    public async ValueTask InitializeAsync() => _carol = await fixture.CreatePhoneAsync("Carol");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Marking_a_message_as_read_reaches_its_authors_phone(bool byLid)
    {
        var group = await GroupAsync(LinkedGateway.OtherNumber, byLid);
        var id = await _carol.SendTextAsync(group.ToString(), "read me");
        await Linked.UpsertAsync(id, Ct);

        await Linked.Gateway.PostAsync("/chat/markMessageAsRead/sales", new { readMessages = new[] { new { id, fromMe = false, remoteJid = group.ToString() } } }, Ct);

        while (_carol.FindMessage(id)!.Receipts.Read is null)
        {
            var change = _carol.NextChange();
            if (_carol.FindMessage(id)!.Receipts.Read is null)
                await change.WaitAsync(Ct);
        }
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_admins_deletion_through_the_API_names_the_author(bool byLid)
    {
        var group = await GroupAsync(LinkedGateway.OwnNumber, byLid);
        var id = await _carol.SendTextAsync(group.ToString(), "delete me");
        await Linked.UpsertAsync(id, Ct);

        var answer = await Linked.Gateway.DeleteAsync("/chat/deleteMessageForEveryone/sales", new { id, fromMe = false, remoteJid = group.ToString() }, Ct);

        var seen = (await _carol.WaitForMessageAsync(message => message.Id == (string)answer["key"]!["id"]!, ct: Ct)).Content.ProtocolMessage;
        Assert.Equal((ProtocolType.Revoke, id, false, Address(_carol, byLid)), (seen.Type, seen.Key.Id, seen.Key.FromMe, seen.Key.Participant));
        await Linked.Receiver.WaitAsync("messages.delete", data => (string?)data["key"]?["id"] == id, Ct);
        Assert.Null(await Linked.FindAsync(id, Ct));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reaction_names_the_author(bool byLid)
    {
        var group = await GroupAsync(LinkedGateway.OtherNumber, byLid);
        var id = await _carol.SendTextAsync(group.ToString(), "react to me");
        await Linked.UpsertAsync(id, Ct);

        var answer = await Linked.Gateway.PostAsync("/message/sendReaction/sales", new { key = new { id, fromMe = false, remoteJid = group.ToString() }, reaction = "👍" }, Ct);

        var seen = (await _carol.WaitForMessageAsync(message => message.Id == (string)answer["key"]!["id"]!, ct: Ct)).Content.ReactionMessage;
        Assert.Equal((id, false, Address(_carol, byLid)), (seen.Key.Id, seen.Key.FromMe, seen.Key.Participant));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_quote_names_the_quoted_author(bool byLid, bool isGivenWhole)
    {
        var group = await GroupAsync(LinkedGateway.OtherNumber, byLid);
        var id = await _carol.SendTextAsync(group.ToString(), "quote me");
        await Linked.UpsertAsync(id, Ct);
        var key = new { id, remoteJid = group.ToString(), fromMe = false };

        var sent = await Linked.Gateway.PostAsync(
            "/message/sendText/sales",
            new { number = group.ToString(), text = "quoted", quoted = isGivenWhole ? (object)new { key, message = new { conversation = "quote me" } } : new { key } },
            Ct);

        var context = (await _carol.WaitForMessageAsync(message => message.Id == (string)sent["key"]!["id"]!, ct: Ct)).Content.ExtendedTextMessage.ContextInfo;
        Assert.Equal((id, Address(_carol, byLid), "quote me"), (context.StanzaId, context.Participant, context.QuotedMessage.Conversation));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task An_admin_takes_back_what_another_wrote_and_the_event_names_both(bool byLid, bool namesAuthor)
    {
        var group = await GroupAsync(LinkedGateway.OtherNumber, byLid);
        var id = await _carol.SendTextAsync(group.ToString(), "delete me");
        await Linked.UpsertAsync(id, Ct);

        await Linked.Other.SendAsync(group.ToString(), Revoke(id, namesAuthor ? Address(_carol, byLid) : null), new OutgoingMessage { Edit = "8" });

        var told = (await Linked.Receiver.WaitAsync("messages.delete", data => (string?)data["id"] == id, Ct))["data"]!;
        Assert.Equal(
            (group.ToString(), _carol.Jid.ToString(), LinkedGateway.OtherJid, false),
            ((string?)told["remoteJid"], (string?)told["participant"], (string?)told["deletedBy"], (bool?)told["fromMe"]));
        Assert.True((bool?)(await Linked.FindAsync(id, Ct))!["key"]!["deleted"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_admin_takes_back_what_we_wrote()
    {
        var group = await GroupAsync(LinkedGateway.OtherNumber, byLid: true);
        var sent = await Linked.Gateway.PostAsync("/message/sendText/sales", new { number = group.ToString(), text = "ours" }, Ct);
        var id = (string)sent["key"]!["id"]!;
        await Linked.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct);

        await Linked.Other.SendAsync(group.ToString(), Revoke(id, Linked.Own.Lid.ToString()), new OutgoingMessage { Edit = "8" });

        var told = (await Linked.Receiver.WaitAsync("messages.delete", data => (string?)data["id"] == id, Ct))["data"]!;
        Assert.Equal((true, $"{LinkedGateway.OwnNumber}@s.whatsapp.net"), ((bool?)told["fromMe"], (string?)told["participant"]));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_no_admin_takes_back_nothing_of_others(bool namesAuthor)
    {
        var group = await GroupAsync(LinkedGateway.OtherNumber, byLid: true);
        var id = await Linked.Other.SendTextAsync(group.ToString(), "stays");
        await Linked.UpsertAsync(id, Ct);
        await _carol.SendAsync(group.ToString(), Revoke(id, namesAuthor ? Linked.Other.Lid.ToString() : null), new OutgoingMessage { Edit = "8" });
        // Nor does he by calling it his own, or by an edit.
        await _carol.SendAsync(group.ToString(), Revoke(id, null, fromMe: true), new OutgoingMessage { Edit = "7" });
        await _carol.SendAsync(group.ToString(), new Message
        {
            ProtocolMessage = new() { Key = new MessageKey { Id = id, FromMe = true }, Type = ProtocolType.MessageEdit, EditedMessage = new() { Conversation = "forged" } },
        });

        await Linked.UpsertAsync(await _carol.SendTextAsync(group.ToString(), "settled"), Ct);

        var row = (await Linked.FindAsync(id, Ct))!;
        Assert.Equal(("stays", null), ((string?)row["message"]!["conversation"], (bool?)row["key"]!["deleted"]));
        Assert.Equal(["messages.upsert"], Linked.EventsOf(id));
    }

    private static Message Revoke(string id, string? author, bool fromMe = false)
    {
        var key = new MessageKey { Id = id, FromMe = fromMe };
        if (author is not null)
            key.Participant = author;
        return new Message { ProtocolMessage = new Message.Types.ProtocolMessage { Key = key, Type = ProtocolType.Revoke } };
    }

    private static string Address(Phone phone, bool byLid) => (byLid ? phone.Lid : phone.Jid).ToString();

    private Task<Jid> GroupAsync(string creator, bool byLid) => Linked.Simulator.World.CreateGroupAsync(
        creator, "Club", new[] { LinkedGateway.OwnNumber, LinkedGateway.OtherNumber, _carol.Number }.Where(number => number != creator), byLid);
}
