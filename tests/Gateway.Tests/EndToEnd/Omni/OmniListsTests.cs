using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>The lists that Automagik Omni shows, asked for and read as it does.</summary>
public sealed class OmniListsTests : WithLinkedOmni
{
    [Fact(Timeout = TestLimit.Ms)]
    public async Task Contacts_come_whole_and_by_name()
    {
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello"), Ct);

        var contacts = (await _world.Omni.PostAsync(OmniWorld.To("/chat/findContacts"), "{}", Ct)).AsArray();

        Assert.Contains(contacts, contact => (string?)contact!["remoteJid"] == $"{OmniWorld.OtherNumber}@s.whatsapp.net" && (string?)contact["pushName"] == "Bob");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Contacts_are_found_by_their_row_and_by_their_name()
    {
        var carol = await _world.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello"), Ct);
        await _world.ReadAsync(await carol.SendTextAsync(OmniWorld.OwnNumber, "Hello"), Ct);
        async Task<JsonArray> FindAsync(object where) => (await _world.Omni.PostAsync(OmniWorld.To("/chat/findContacts"), new { where }, Ct)).AsArray();

        var found = Assert.Single(await FindAsync(new { pushName = "Carol" }))!;

        Assert.Equal("5511999990003@s.whatsapp.net", (string?)found["remoteJid"]);
        var id = (string?)found["id"];
        Assert.Equal("Carol", (string?)Assert.Single(await FindAsync(new { id }))!["pushName"]);
        Assert.Single(await FindAsync(new { id, remoteJid = "5511999990003", pushName = "Carol" }));
        // Evolution's examples put the address there.
        Assert.Equal("Carol", (string?)Assert.Single(await FindAsync(new { id = "5511999990003@s.whatsapp.net" }))!["pushName"]);
        Assert.Empty(await FindAsync(new { id, remoteJid = OmniWorld.OtherNumber }));
        Assert.Empty(await FindAsync(new { pushName = "carol" }));
        // Another instance has contacts of its own, whatever it asks for.
        await OmniWorld.CreateAsync(_world.Omni, "second", _world.Webhook.Url, Ct);
        foreach (var where in (object[])[new { pushName = "Carol" }, new { id }, new { remoteJid = "5511999990003" }])
            Assert.Empty((await _world.Omni.PostAsync("/chat/findContacts/second", new { where }, Ct)).AsArray());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Instances_are_counted_each_by_itself()
    {
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "one"), Ct);
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "two"), Ct);
        await OmniWorld.CreateAsync(_world.Omni, "second", _world.Webhook.Url, Ct);

        var instances = (await _world.Omni.GetAsync("/instance/fetchInstances", Ct)).AsArray();

        Assert.Equal(
            [(OmniWorld.Instance, 2, 1), ("second", 0, 0)],
            instances.Select(instance => ((string)instance!["name"]!, (int)instance["_count"]!["Message"]!, (int)instance["_count"]!["Chat"]!)));
        Assert.Equal([true, false], instances.Select(instance => (int)instance!["_count"]!["Contact"]! > 0));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Chats_have_names_whoever_began_them_and_no_nulls_where_none_may_be()
    {
        // Begun by us: the chat's row has no name then.
        await _world.Sender.PostAsync(OmniWorld.To("/message/sendText"), new { number = OmniWorld.OtherNumber, text = "Hello Bob" }, Ct);
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello"), Ct);
        var group = await _world.Simulator.World.CreateGroupAsync(OmniWorld.OtherNumber, "Club", [OmniWorld.OwnNumber]);
        await _world.ReadAsync(await _world.Other.SendTextAsync(group.ToString(), "Hello all"), Ct);

        var chats = (await _world.Omni.PostAsync(OmniWorld.To("/chat/findChats"), """{"page":1,"limit":10000}""", Ct)).AsArray();

        var bob = Assert.Single(chats, chat => (string?)chat!["remoteJid"] == $"{OmniWorld.OtherNumber}@s.whatsapp.net")!;
        Assert.Equal("Bob", (string?)bob["pushName"]);
        Assert.Equal(JsonValueKind.Number, bob["lastMessage"]!["messageTimestamp"]!.GetValueKind());
        var club = Assert.Single(chats, chat => (string?)chat!["remoteJid"] == group.ToString())!;
        // A member's name is not the group's.
        Assert.NotEqual("Bob", (string?)club["pushName"]);
        foreach (var field in (string[])["isArchived", "isMuted", "isPinned", "participants"])
            Assert.All(chats, chat => Assert.False(chat!.AsObject().TryGetPropertyValue(field, out var value) && value is null, field));
        Assert.All(chats, chat => Assert.True(chat!["unreadCount"] is null || (int)chat["unreadCount"]! >= 0));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Messages_come_newest_first_with_numbers_as_numbers()
    {
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "one"), Ct);
        await _world.Sender.PostAsync(OmniWorld.To("/message/sendMedia"), new { number = OmniWorld.OtherNumber, mediatype = "image", media = MediaSample.JpegBase64, mimetype = "image/jpeg" }, Ct);
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "two"), Ct);

        var found = await _world.Omni.PostAsync(
            OmniWorld.To("/chat/findMessages"), $$"""{"where":{"key":{"remoteJid":"{{OmniWorld.OtherNumber}}@s.whatsapp.net"} },"limit":50,"sort":{"messageTimestamp":-1} }""", Ct);

        Assert.All(["total", "pages", "currentPage"], field => Assert.Equal(JsonValueKind.Number, found["messages"]![field]!.GetValueKind()));
        var records = found["messages"]!["records"]!.AsArray();
        Assert.Equal(["two", null, "one"], records.Select(record => (string?)record!["message"]!["conversation"]));
        Assert.All(records, record => Assert.Equal(JsonValueKind.Number, record!["messageTimestamp"]!.GetValueKind()));
        var length = records[1]!["message"]!["imageMessage"]!["fileLength"]!;
        Assert.True(length.GetValueKind() is JsonValueKind.Number or JsonValueKind.String, length.ToJsonString());
        // A route that Evolution does not have either: Omni then shows nothing.
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<OmniException>(() => _world.Omni.GetAsync(
            $"/chat/findMessages/{OmniWorld.Instance}/{OmniWorld.OtherNumber}%40s.whatsapp.net?limit=200", Ct))).Status);
    }
}
