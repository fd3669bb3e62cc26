using System.Text;
using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Storage.Devices;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;
using Evolution.Storage.Outbox;

namespace Evolution.Storage.Tests.Messages;

public sealed class MessageRowsTests : IAsyncLifetime
{
    private static readonly Jid Phone = Jid.ForPhone("5511999990001");
    private static readonly Jid Lid = Jid.ForLid("111222333444555");
    private StorageFixture fixture = null!;
    private InstanceFence fence = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private MessageStore Messages => new(fixture.Database);

    private ChatStore Chats => new(fixture.Database);

    private ContactStore Contacts => new(fixture.Database);

    public async ValueTask InitializeAsync()
    {
        fixture = await StorageFixture.OpenAsync();
        fence = await fixture.OwnAsync();
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

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
    public async Task A_chats_timer_is_kept_for_both_forms_of_a_person_and_does_not_list_the_chat()
    {
        await WriteAsync(new SetChatTimer(Phone, Phone.ToString(), 86_400));
        await WriteAsync(Insert("A1", Lid));
        Assert.Null(await Chats.FindTimerAsync(fence.InstanceId, Lid.ToString(), Ct));
        var learned = new DeviceWriteSet();
        learned.AddressMappings.Add(new AddressMapping(Phone, Lid));
        await new SqliteDeviceStore(fixture.Database, fence).CommitAsync(learned, Ct);

        foreach (var form in new[] { Phone.ToString(), Lid.ToString() })
        {
            Assert.Equal(86_400, await Chats.FindTimerAsync(fence.InstanceId, form, Ct));
            Assert.Null(await Chats.FindByRemoteJidAsync(fence.InstanceId, form, Ct));
        }

        Assert.Null(await Chats.FindTimerAsync("another instance", Phone.ToString(), Ct));
        await WriteAsync(new SetChatTimer(Lid, Phone.ToString(), null));
        Assert.Null(await Chats.FindTimerAsync(fence.InstanceId, Phone.ToString(), Ct));
    }

    [Fact]
    public async Task Two_forms_of_a_person_become_one_when_the_mapping_is_learned()
    {
        await WriteAsync(
            Insert("A1") with { SavesChat = true, CountsAsUnread = true, ChatName = "Ana" },
            new UpsertContact(Phone, Phone.ToString()) { PushName = "Ana" });
        await WriteAsync(Insert("A1", Lid) with { SavesChat = true, CountsAsUnread = true });
        await WriteAsync(Insert("A2", Lid) with { SavesChat = true, CountsAsUnread = true }, new UpsertContact(Lid, Lid.ToString()) { ProfilePicUrl = "u" });
        var learned = new DeviceWriteSet();
        learned.AddressMappings.Add(new AddressMapping(Phone, Lid));
        await new SqliteDeviceStore(fixture.Database, fence).CommitAsync(learned, Ct);
        await WriteAsync(Insert("A2") with { WhenInserted = [Event("never")] });

        foreach (var form in new[] { Phone.ToString(), Lid.ToString() })
        {
            var page = await Messages.FindAsync(fence.InstanceId, new MessageFilter { RemoteJid = form }, 1, 10, Ct);
            Assert.Equal(["A2", "A1"], page.Messages.Select(m => m.KeyId));
            Assert.All(page.Messages, m => Assert.Equal(Phone.ToString(), m.RemoteJid));
            Assert.Equal(Lid.ToString(), page.Messages[0].RemoteLid);
            var chat = await Chats.FindByRemoteJidAsync(fence.InstanceId, form, Ct);
            Assert.Equal((Phone.ToString(), "Ana", 3), (chat!.RemoteJid, chat.Name, chat.UnreadMessages));
            var contact = await Contacts.FindAsync(fence.InstanceId, form, Ct);
            Assert.Equal((Phone.ToString(), "Ana", "u"), (contact!.RemoteJid, contact.PushName, contact.ProfilePicUrl));
        }

        Assert.Empty(await BodiesAsync());
        Assert.Single(await Chats.FindAsync(fence.InstanceId, new ChatFilter(), Ct));
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
    public async Task Chats_are_listed_by_their_newest_message_with_contact_and_chat_where_stored()
    {
        var other = Jid.ForPhone("5511999990002");
        await WriteAsync(Insert("A1") with { SavesChat = true, CountsAsUnread = true, ChatName = "Ana", Message = Row("A1") with { MessageTimestamp = 5000 } });
        await WriteAsync(new UpsertContact(Phone, Phone.ToString()) { PushName = "Ana" });
        await WriteAsync(Insert("B1", other) with { Message = Row("B1", other) with { MessageTimestamp = 9000 } });
        await WriteAsync(Insert("A0") with { Message = Row("A0") with { MessageTimestamp = 1000 } });
        await WriteAsync(new UpsertChat(Jid.ForPhone("5511999990003"), "5511999990003@s.whatsapp.net") { Name = "no messages" });

        var chats = await Chats.FindAsync(fence.InstanceId, new ChatFilter(), Ct);
        Assert.Equal(["B1", "A1"], chats.Select(c => c.LastMessage.KeyId));
        Assert.Null(chats[0].Chat);
        Assert.Null(chats[0].Contact);
        Assert.Equal(("Ana", 1), (chats[1].Chat!.Name, chats[1].Chat!.UnreadMessages));
        Assert.Equal("Ana", chats[1].Contact!.PushName);
        Assert.Equal("A1", Assert.Single(await Chats.FindAsync(fence.InstanceId, new ChatFilter { RemoteJid = Phone.ToString() }, Ct)).LastMessage.KeyId);
        Assert.Equal("A1", Assert.Single(await Chats.FindAsync(fence.InstanceId, new ChatFilter { Skip = 1, Take = 5 }, Ct)).LastMessage.KeyId);
        Assert.Equal("B1", Assert.Single(await Chats.FindAsync(fence.InstanceId, new ChatFilter { From = 6000, To = 9000 }, Ct)).LastMessage.KeyId);
        Assert.Null(await Chats.FindByRemoteJidAsync(fence.InstanceId, other.ToString(), Ct));
    }

    [Fact]
    public async Task Contacts_and_chats_announce_only_what_changed()
    {
        UpsertContact Named(string name) => new(Phone, Phone.ToString()) { PushName = name, WhenCreated = [Event("created")], WhenChanged = [Event("changed " + name)] };
        await WriteAsync(Named("Ana") with { OnlyIfStored = true });
        await WriteAsync(Named("Ana"));
        await WriteAsync(Named("Ana"));
        await WriteAsync(Named("Bia"));
        UpsertChat Unread(int count) => new(Phone, Phone.ToString()) { UnreadMessages = count, WhenCreated = [Event("chat")], WhenChanged = [Event("chat " + count)] };
        await WriteAsync(Unread(0));
        await WriteAsync(Unread(0));
        await WriteAsync(Unread(2));
        Assert.Equal(["created", "changed Bia", "chat", "chat 2"], await BodiesAsync());
        Assert.Equal("Bia", Assert.Single(await Contacts.FindAsync(fence.InstanceId, new ContactFilter(), Ct)).PushName);
    }

    [Fact]
    public async Task Contacts_are_found_by_every_filter_within_their_instance()
    {
        var other = Jid.ForPhone("5511999990002");
        await WriteAsync(new UpsertContact(Phone, Phone.ToString()) { PushName = "Ana" }, new UpsertContact(other, other.ToString()) { PushName = "Bia" });
        var second = await fixture.OwnAsync(await fixture.CreateInstanceAsync("second"));
        await new InstanceRows(fixture.Database).CommitAsync(second, [new UpsertContact(Phone, Phone.ToString()) { PushName = "Ana" }], Ct);
        async Task<string> NamesAsync(ContactFilter filter, string? instance = null) =>
            string.Join(' ', (await Contacts.FindAsync(instance ?? fence.InstanceId, filter, Ct)).Select(contact => contact.PushName).Order(StringComparer.Ordinal));
        var id = (await Contacts.FindAsync(fence.InstanceId, Phone.ToString(), Ct))!.Id;

        Assert.Equal("Ana Bia", await NamesAsync(new ContactFilter()));
        string[] pages = [await NamesAsync(new ContactFilter { Take = 1 }), await NamesAsync(new ContactFilter { Skip = 1, Take = 1 }), await NamesAsync(new ContactFilter { Skip = 2, Take = 1 })];
        Assert.Equal(["", "Ana", "Bia"], pages.Order(StringComparer.Ordinal));
        foreach (var filter in new ContactFilter[] { new() { Id = id }, new() { RemoteJid = Phone.ToString() }, new() { PushName = "Ana" }, new() { Id = id, PushName = "Ana" } })
            Assert.Equal("Ana", await NamesAsync(filter));
        Assert.Empty(await NamesAsync(new ContactFilter { Id = id, PushName = "Bia" }));
        Assert.Empty(await NamesAsync(new ContactFilter { Id = id }, second.InstanceId));
        Assert.Equal("Ana", await NamesAsync(new ContactFilter(), second.InstanceId));
    }

    [Fact]
    public async Task Rows_are_counted_by_instance()
    {
        await WriteAsync(Insert("A1") with { SavesChat = true }, Insert("A2"), new UpsertContact(Phone, Phone.ToString()));
        // A chat that nobody wanted saved is there for its order alone.
        await WriteAsync(Insert("B1", Jid.ForPhone("5511999990002")));
        var second = await fixture.OwnAsync(await fixture.CreateInstanceAsync("second"));
        await new InstanceRows(fixture.Database).CommitAsync(second, [new UpsertContact(Phone, Phone.ToString())], Ct);
        var third = await fixture.CreateInstanceAsync("third");

        var counts = await new InstanceStore(fixture.Database).CountAsync([fence.InstanceId, second.InstanceId, third], Ct);

        Assert.Equal(
            new Dictionary<string, InstanceCounts>
            {
                [fence.InstanceId] = new(Messages: 3, Contacts: 1, Chats: 1),
                [second.InstanceId] = new(0, 1, 0),
                [third] = new(0, 0, 0),
            },
            counts);
        Assert.Equal([second.InstanceId], (await new InstanceStore(fixture.Database).CountAsync([second.InstanceId], Ct)).Keys);
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
    public async Task A_removed_message_leaves_its_chat_with_the_one_before_it()
    {
        await WriteAsync(Insert("A1"), Insert("A2"));
        foreach (var (id, last) in new[] { ("A2", "A1"), ("A1", null) })
        {
            await WriteAsync(new RevokeMessage(Phone, Phone, id) { RemovesRow = true });
            Assert.Equal(last, (await Chats.FindAsync(fence.InstanceId, new ChatFilter(), Ct)).SingleOrDefault()?.LastMessage.KeyId);
        }
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

    private Task WriteAsync(params IAttachedWrite[] rows) => new InstanceRows(fixture.Database).CommitAsync(fence, rows, Ct);

    private async Task<List<string>> BodiesAsync() => await fixture.Database.ReadAsync(
        sql => sql.Query("SELECT body FROM events ORDER BY id", r => Encoding.UTF8.GetString(r.GetFieldValue<byte[]>(0))), Ct);

    private static AppendEvent Event(string body) => Outbox.OutboxFixture.Event(body);

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

    private static InsertMessage Insert(string id, Jid? chat = null, bool fromMe = false) =>
        new(chat ?? Phone, fromMe ? Jid.ForPhone("5511999990009") : chat ?? Phone, Row(id, chat) with { FromMe = fromMe });

    private static MessageRow Row(string id, Jid? chat = null) => new()
    {
        Id = RowId.New(TimeProvider.System),
        KeyId = id,
        RemoteJid = (chat ?? Phone).ToString(),
        AddressingMode = (chat ?? Phone).IsLid ? "lid" : "pn",
        FromMe = false,
        Participant = string.Empty,
        MessageType = "conversation",
        Message = $$"""{"conversation":"{{id}}"}""",
        Source = "android",
        MessageTimestamp = 100,
    };
}
