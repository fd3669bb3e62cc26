using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Storage.Devices;
using Evolution.Storage.Messages;
using static Evolution.Storage.Tests.Messages.SampleRows;

namespace Evolution.Storage.Tests.Messages;

/// <summary>What becomes of the rows of a message: it comes, changes, is read and taken back.</summary>
public sealed class MessageRowsTests : WithInstance
{
    [Fact]
    public async Task A_message_that_comes_again_changes_and_announces_nothing()
    {
        var first = Insert("A1") with { CountsAsUnread = true, SavesChat = true, ChatName = "Ana", WhenInserted = [Event("first")] };
        await WriteAsync(first);
        await WriteAsync(first with { Message = Row("A1") with { Message = """{"conversation":"other"}""" }, WhenInserted = [Event("second")] });
        Assert.Equal(["first"], await BodiesAsync());
        Assert.Equal("""{"conversation":"A1"}""", (await Messages.FindByKeyAsync(fence.InstanceId, "A1", null, Ct))!.Message);
        var chat = await Chats.FindByRemoteJidAsync(fence.InstanceId, Phone.ToString(), Ct);
        Assert.Equal((1, "Ana"), (chat!.UnreadMessages, chat.Name));
    }

    [Fact]
    public async Task A_placeholder_is_replaced_once()
    {
        await WriteAsync(Insert("A1") with { Message = Row("A1") with { IsPlaceholder = true, MessageType = "unknown" }, CountsAsUnread = true, SavesChat = true, WhenInserted = [Event("placeholder")] });
        var real = Insert("A1") with { CountsAsUnread = true, SavesChat = true, WhenInserted = [Event("inserted")], WhenReplaced = [Event("replaced")] };
        await WriteAsync(real);
        await WriteAsync(real);
        await WriteAsync(Insert("A1") with { Message = Row("A1") with { IsPlaceholder = true }, WhenReplaced = [Event("never")] });
        Assert.Equal(["placeholder", "replaced"], await BodiesAsync());
        var stored = await Messages.FindByKeyAsync(fence.InstanceId, "A1", Phone.ToString(), Ct);
        Assert.Equal(("conversation", false), (stored!.MessageType, stored.IsPlaceholder));
        Assert.Equal(1, (await Chats.FindByRemoteJidAsync(fence.InstanceId, Phone.ToString(), Ct))!.UnreadMessages);
    }

    [Fact]
    public async Task What_the_history_alone_told_of_is_news_when_it_comes_and_once()
    {
        var history = Insert("A1") with { IsHistory = true, WhenReplaced = [Event("never")] };
        var live = Insert("A1") with { CountsAsUnread = true, WhenInserted = [Event("inserted")], WhenReplaced = [Event("news")] };
        await WriteAsync(history);
        await WriteAsync(history);
        await WriteAsync(Insert("A1") with { Message = Row("A1") with { IsPlaceholder = true }, WhenReplaced = [Event("never")] });
        await WriteAsync(live with { Message = Row("A1") with { Message = """{"conversation":"before an edit"}""" } });
        await WriteAsync(live);
        await WriteAsync(history);
        await WriteAsync(live);
        Assert.Equal(["news"], await BodiesAsync());
        Assert.Equal("""{"conversation":"A1"}""", (await Messages.FindByKeyAsync(fence.InstanceId, "A1", null, Ct))!.Message);
    }

    [Fact]
    public async Task A_placeholder_that_the_history_filled_is_news_when_the_message_comes()
    {
        await WriteAsync(Insert("A1") with { Message = Row("A1") with { IsPlaceholder = true } });
        await WriteAsync(Insert("A1") with { IsHistory = true });
        await WriteAsync(Insert("A1") with { WhenReplaced = [Event("news")] });
        Assert.Equal(["news"], await BodiesAsync());
    }

    [Theory]
    [InlineData("""{"conversation":"new"}""", """{"conversation":"new","messageContextInfo":{"messageSecret":"LAc=","deep":[{"a":"}"}]}}""")]
    [InlineData("{}", """{"messageContextInfo":{"messageSecret":"LAc=","deep":[{"a":"}"}]}}""")]
    public async Task An_edit_keeps_the_member_that_it_names(string edited, string stored)
    {
        await WriteAsync(Insert("A1") with { Message = Row("A1") with { Message = """{"messageContextInfo":{"messageSecret":"LAc=","deep":[{"a":"}"}]},"conversation":"old"}""" } });
        await WriteAsync(Insert("A2") with { Message = Row("A2") });

        foreach (var id in new[] { "A1", "A2" })
            await WriteAsync(Edit(id, Phone, edited) with { KeptMember = "messageContextInfo" });

        Assert.Equal(stored, (await Messages.FindByKeyAsync(fence.InstanceId, "A1", null, Ct))!.Message);
        Assert.Equal(edited, (await Messages.FindByKeyAsync(fence.InstanceId, "A2", null, Ct))!.Message);
    }

    [Fact]
    public async Task A_status_only_rises_and_only_a_rise_is_announced()
    {
        var insert = Insert("A1", fromMe: true);
        await WriteAsync(insert with { Message = insert.Message with { Status = MessageStatus.Pending } });
        foreach (var status in new[] { MessageStatus.ServerAck, MessageStatus.Read, MessageStatus.Delivered, MessageStatus.Read, MessageStatus.Error, MessageStatus.Played })
            await WriteAsync(Raise("A1", status));
        await WriteAsync(Raise("unknown", MessageStatus.Read));
        Assert.Equal(["ServerAck", "Read", "Played"], await BodiesAsync());
        var page = await Messages.FindAsync(fence.InstanceId, new MessageFilter { KeyId = "A1" }, 1, 10, Ct);
        Assert.Equal(MessageStatus.Played, Assert.Single(page.Messages).Status);
        Assert.Equal([MessageUpdate.ServerAck, MessageUpdate.Read, MessageUpdate.Played], page.Updates[page.Messages[0].Id]);
    }

    [Fact]
    public async Task Each_members_status_rises_by_itself_and_the_messages_own_stays()
    {
        var insert = Insert("A1", fromMe: true);
        await WriteAsync(insert with { Message = insert.Message with { Status = MessageStatus.ServerAck } });
        foreach (var (member, status) in new[]
        {
            ("ana", MessageStatus.Delivered), ("bob", MessageStatus.Read), ("ana", MessageStatus.Delivered), ("bob", MessageStatus.Delivered), ("ana", MessageStatus.Read),
        })
        {
            await WriteAsync(Raise("A1", status) with { Participant = member, IsOfParticipant = true });
        }

        Assert.Equal(["Delivered", "Read", "Read"], await BodiesAsync());
        Assert.Equal(MessageStatus.ServerAck, (await Messages.FindByKeyAsync(fence.InstanceId, "A1", null, Ct))!.Status);
    }

    [Fact]
    public async Task What_a_member_has_got_the_server_had()
    {
        var insert = Insert("A1", fromMe: true);
        await WriteAsync(insert with { Message = insert.Message with { Status = MessageStatus.Pending } });
        await WriteAsync(Raise("A1", MessageStatus.Delivered) with { Participant = "ana", IsOfParticipant = true });

        Assert.Equal(["Delivered"], await BodiesAsync());
        Assert.Equal(MessageStatus.ServerAck, (await Messages.FindByKeyAsync(fence.InstanceId, "A1", null, Ct))!.Status);
    }

    [Fact]
    public async Task An_error_follows_pending_alone()
    {
        var insert = Insert("A1", fromMe: true);
        await WriteAsync(insert with { Message = insert.Message with { Status = MessageStatus.Pending } });
        await WriteAsync(Raise("A1", MessageStatus.Error));
        Assert.Equal(["Error"], await BodiesAsync());
    }

    [Fact]
    public async Task The_event_of_a_rise_names_the_row()
    {
        var insert = Insert("A1", fromMe: true);
        await WriteAsync(insert);
        await WriteAsync(Raise("A1", MessageStatus.Read) with { WhenRaised = [Event($$"""{"messageId":"{{UpdateMessageStatus.RowIdPlaceholder}}"}""")] });
        Assert.Equal([$$"""{"messageId":"{{insert.Message.Id}}"}"""], await BodiesAsync());
    }

    [Fact]
    public async Task Messages_are_found_by_every_filter_newest_first_and_in_pages()
    {
        var group = Jid.Parse("120363000000000001@g.us");
        for (var i = 0; i < 5; i++)
            await WriteAsync(Insert("A" + i) with { Message = Row("A" + i) with { MessageTimestamp = 1000 + i } });
        await WriteAsync(new InsertMessage(group, Phone, Row("G1", group) with
        {
            Participant = Phone.ToString(),
            MessageType = "imageMessage",
            Source = "ios",
            MessageTimestamp = 2000,
        }));
        await WriteAsync(Insert("M1", fromMe: true));

        async Task<string> IdsAsync(MessageFilter filter, int page = 1, int size = 10) =>
            string.Join(' ', (await Messages.FindAsync(fence.InstanceId, filter, page, size, Ct)).Messages.Select(m => m.KeyId));
        var chat = Phone.ToString();
        Assert.Equal("G1 A4 A3 A2 A1 A0 M1", await IdsAsync(new MessageFilter()));
        Assert.Equal("A2 A1", await IdsAsync(new MessageFilter { RemoteJid = chat }, 2, 2));
        Assert.Equal("G1", await IdsAsync(new MessageFilter { Participant = chat }));
        Assert.Equal("G1", await IdsAsync(new MessageFilter { MessageType = "imageMessage" }));
        Assert.Equal("G1", await IdsAsync(new MessageFilter { Source = "ios" }));
        Assert.Equal("M1", await IdsAsync(new MessageFilter { FromMe = true }));
        Assert.Equal("A3 A2", await IdsAsync(new MessageFilter { From = 1002, To = 1003 }));
        var one = await Messages.FindByKeyAsync(fence.InstanceId, "A1", null, Ct);
        Assert.Equal("A1", await IdsAsync(new MessageFilter { Id = one!.Id }));
        Assert.Equal(6, (await Messages.FindAsync(fence.InstanceId, new MessageFilter { RemoteJid = chat }, 3, 2, Ct)).Total);
        Assert.Equal(0, (await Messages.FindAsync("another", new MessageFilter(), 1, 10, Ct)).Total);
    }

    [Fact]
    public async Task A_set_whose_attached_row_fails_leaves_the_ratchet_as_it_was()
    {
        var store = new SqliteDeviceStore(fixture.Database, fence);
        var address = new SignalAddress("111222333444555_1", 0);
        var good = new DeviceWriteSet();
        good.Sessions[address] = [1];
        await store.CommitAsync(good, Ct);
        var bad = new DeviceWriteSet();
        bad.Sessions[address] = [2];
        bad.Attached.Add(Insert("A1"));
        bad.Attached.Add(Insert("A2") with { Message = Row("A2") with { Message = null! } });
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.CommitAsync(bad, Ct));
        Assert.Equal([1], (await store.LoadSessionsAsync([address], Ct))[address]);
        Assert.Null(await Messages.FindByKeyAsync(fence.InstanceId, "A1", null, Ct));
    }

    [Fact]
    public async Task Only_its_author_edits_a_message_or_takes_it_back()
    {
        var stranger = Jid.ForPhone("5511999990009");
        await WriteAsync(Insert("A1"));
        await WriteAsync(Edit("A1", stranger, "forged"), new RevokeMessage(Phone, stranger, "A1") { RemovesRow = true, WhenRevoked = [Event("never")] });
        await WriteAsync(Edit("A1", Phone, "edited"));
        await WriteAsync(new RevokeMessage(Phone, Phone, "A1") { KeepsUpdate = true, WhenRevoked = [Event("revoked")] });

        Assert.Equal(["edited", "revoked"], await BodiesAsync());
        var page = await Messages.FindAsync(fence.InstanceId, new MessageFilter { KeyId = "A1" }, 1, 10, Ct);
        var row = Assert.Single(page.Messages);
        Assert.Equal(("edited", 200L, """{"deleted":true}"""), (row.Message, row.MessageTimestamp, row.KeyExtra));
        Assert.Equal([MessageUpdate.Edited, MessageUpdate.Deleted], page.Updates[row.Id]);
    }

    [Fact]
    public async Task The_newest_vote_of_each_person_counts_also_when_two_addresses_turn_out_to_be_one()
    {
        await WriteAsync(Insert("A1"));
        await WriteAsync(Vote(Phone, 10, "Yes"));
        await WriteAsync(Vote(Phone, 9, "old"));
        await WriteAsync(Vote(Lid, 20, "No"));
        await WriteAsync(Vote(Phone, 11, "Yes") with { PollId = "unknown" });
        var learned = new DeviceWriteSet();
        learned.AddressMappings.Add(new AddressMapping(Phone, Lid));
        await new SqliteDeviceStore(fixture.Database, fence).CommitAsync(learned, Ct);
        await WriteAsync(Vote(Phone, 19, "between"));
        await WriteAsync(Vote(Phone, 21));

        Assert.Equal([$"{Phone}=Yes", $"{Phone}=Yes {Lid}=No", $"{Phone}="], await BodiesAsync());
    }

    private static UpdateMessageStatus Raise(string id, MessageStatus status) =>
        new(Phone, id, true, status) { KeepsUpdate = true, WhenRaised = [Event(status.ToString())] };

    private static EditMessage Edit(string id, Jid sender, string text) => new(Phone, sender, id)
    {
        MessageType = "conversation",
        Message = text,
        Timestamp = 200,
        KeepsUpdate = true,
        WhenEdited = [Event(text)],
    };

    private static RecordPollVote Vote(Jid voter, long at, params string[] options) => new(Phone, "A1", voter)
    {
        Vote = new PollVote(voter.ToString(), options),
        VotedAt = at,
        WhenCounted = votes => [Event(string.Join(' ', votes.Select(vote => $"{vote.Voter}={string.Join(',', vote.Options)}")))],
    };
}
