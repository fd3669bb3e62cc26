using System.Text.Json.Nodes;
using Evolution.Gateway.Tests.EndToEnd.Receiving;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>What the requests of the find routes filter by, and how they page.</summary>
public sealed class FindRoutesTests : IAsyncLifetime
{
    private const string Carol = "5511999990003";
    private LinkedGateway _linked = null!;
    private string _group = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _linked = await LinkedGateway.StartAsync(Ct);
        var carol = await _linked.Simulator.World.CreatePhoneAsync(Carol, "Carol");
        _group = (await _linked.Simulator.World.CreateGroupAsync(LinkedGateway.OtherNumber, "Club", [LinkedGateway.OwnNumber, Carol], byLid: true)).ToString();
        await ReceiveAsync(_linked.Other, LinkedGateway.OwnNumber, "B1", "2025-01-01T10:00:00Z");
        await ReceiveAsync(_linked.Other, LinkedGateway.OwnNumber, "B2", "2025-01-01T11:00:00Z");
        await ReceiveAsync(carol, LinkedGateway.OwnNumber, "C1", "2025-01-01T12:00:00Z");
        await ReceiveAsync(carol, _group, "G1", "2025-01-01T13:00:00Z");
        await ReceiveAsync(_linked.Own, Carol, "O1", "2025-01-01T14:00:00Z");
    }

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Messages()
    {
        Assert.Equal("O1 G1 C1 B2 B1", await MessagesAsync(new { }));
        Assert.Equal("O1", await MessagesAsync(new { where = new { key = new { fromMe = true } } }));
        // Evolution takes only true for a filter.
        Assert.Equal("O1 G1 C1 B2 B1", await MessagesAsync(new { where = new { key = new { fromMe = false } } }));
        Assert.Equal("B2", await MessagesAsync(new { where = new { key = new { id = "B2" } } }));
        Assert.Equal("B2 B1", await MessagesAsync(new { where = new { key = new { remoteJid = LinkedGateway.OtherJid } } }));
        Assert.Equal("O1 C1", await MessagesAsync(new { where = new { key = new { remoteJidAlt = $"{Carol}@s.whatsapp.net" } } }));
        Assert.Equal("B2 B1", await MessagesAsync(new { where = new { key = new { remoteJid = LinkedGateway.OtherJid, remoteJidAlt = $"{Carol}@s.whatsapp.net" } } }));
        Assert.Equal("G1", await MessagesAsync(new { where = new { key = new { participant = $"{Carol}@s.whatsapp.net" } } }));
        Assert.Equal("", await MessagesAsync(new { where = new { messageType = "imageMessage" } }));
        Assert.Equal("O1 G1 C1 B2 B1", await MessagesAsync(new { where = new { messageType = "conversation" } }));
        Assert.Equal("O1 G1 C1 B2 B1", await MessagesAsync(new { where = new { source = "unknown" } }));
        Assert.Equal("", await MessagesAsync(new { where = new { source = "desktop" } }));
        Assert.Equal("C1 B2", await MessagesAsync(new { where = new { messageTimestamp = new { gte = "2025-01-01T11:00:00.000Z", lte = "2025-01-01T12:00:00.000Z" } } }));
        // One end alone filters nothing.
        Assert.Equal("O1 G1 C1 B2 B1", await MessagesAsync(new { where = new { messageTimestamp = new { gte = "2025-01-01T13:00:00.000Z" } } }));
        var row = (await _linked.FindAsync("C1", Ct))!;
        Assert.Equal("C1", await MessagesAsync(new { where = new { id = (string)row["id"]! } }));
        Assert.Equal("C1 B2", await MessagesAsync(new { page = 2, offset = 2 }));
        Assert.Equal("", await MessagesAsync(new { page = 4, offset = 2 }));
        Assert.Equal("O1 G1 C1 B2 B1", await MessagesAsync(new { offset = 0 }));
        var page = (await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { page = 2, offset = 2 }, Ct))["messages"]!;
        Assert.Equal((5, 3, 2), ((int)page["total"]!, (int)page["pages"]!, (int)page["currentPage"]!));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Chats()
    {
        var (bob, carol) = (LinkedGateway.OtherJid, $"{Carol}@s.whatsapp.net");
        Assert.Equal($"{carol} {_group} {bob}", await ChatsAsync(new { }));
        // What pages elsewhere doesn't here.
        Assert.Equal($"{carol} {_group} {bob}", await ChatsAsync(new { page = 2, offset = 1, limit = 1 }));
        Assert.Equal(_group, await ChatsAsync(new { take = 1, skip = 1 }));
        Assert.Equal($"{_group} {bob}", await ChatsAsync(new { skip = 1 }));
        Assert.Equal(bob, await ChatsAsync(new { where = new { remoteJid = LinkedGateway.OtherNumber } }));
        Assert.Equal(_group, await ChatsAsync(new { where = new { remoteJid = _group } }));
        Assert.Equal(bob, await ChatsAsync(new { where = new { messageTimestamp = new { gte = "2025-01-01T10:00:00.000Z", lte = "2025-01-01T11:30:00.000Z" } } }));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Contacts()
    {
        var all = await ContactsAsync(new { });

        Assert.Contains(LinkedGateway.OtherJid, all);
        Assert.Equal([$"{Carol}@s.whatsapp.net"], await ContactsAsync(new { where = new { remoteJid = Carol } }));
        Assert.Equal([$"{Carol}@s.whatsapp.net"], await ContactsAsync(new { where = new { remoteJid = $"{Carol}@s.whatsapp.net" } }));
        var paged = new List<string>();
        for (var page = 1; page <= all.Count; page++)
            paged.Add(Assert.Single(await ContactsAsync(new { page, offset = 1 })));
        Assert.Equal(all, paged);
        Assert.Equal(all[..1], await ContactsAsync(new { page = 0, offset = 1 }));
        Assert.Empty(await ContactsAsync(new { page = all.Count + 1, offset = 1 }));
        // Evolution fails here.
        Assert.Equal(all, await ContactsAsync(new { page = 1 }));
    }

    private async Task ReceiveAsync(Phone phone, string to, string id, string at)
    {
        await _linked.ControlAsync($"/v1/phones/{phone.Number}/messages", new { to, id, at, text = id }, Ct);
        await _linked.UpsertAsync(id, Ct);
    }

    private async Task<string> MessagesAsync(object body) => string.Join(
        ' ', (await AskAsync("findMessages", body))["messages"]!["records"]!.AsArray().Select(record => (string?)record!["key"]!["id"]));

    private async Task<string> ChatsAsync(object body) => string.Join(' ', await AddressesAsync("findChats", body));

    private Task<List<string>> ContactsAsync(object body) => AddressesAsync("findContacts", body);

    private async Task<List<string>> AddressesAsync(string route, object body) => [.. (await AskAsync(route, body)).AsArray().Select(row => (string)row!["remoteJid"]!)];

    private Task<JsonNode> AskAsync(string route, object body) => _linked.Gateway.PostAsync($"/chat/{route}/sales", body, Ct);
}
