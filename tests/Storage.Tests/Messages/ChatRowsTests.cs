using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Storage.Devices;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;
using static Evolution.Storage.Tests.Messages.SampleRows;

namespace Evolution.Storage.Tests.Messages;

/// <summary>Chats and the people in them, and who is whom.</summary>
public sealed class ChatRowsTests : WithInstance
{
    private ContactStore Contacts => new(fixture.Database);

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
    public async Task A_removed_message_leaves_its_chat_with_the_one_before_it()
    {
        await WriteAsync(Insert("A1"), Insert("A2"));
        foreach (var (id, last) in new[] { ("A2", "A1"), ("A1", null) })
        {
            await WriteAsync(new RevokeMessage(Phone, Phone, id) { RemovesRow = true });
            Assert.Equal(last, (await Chats.FindAsync(fence.InstanceId, new ChatFilter(), Ct)).SingleOrDefault()?.LastMessage.KeyId);
        }
    }
}
