using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>What findStatusMessage tells of a message's way: a row a step, newest first.</summary>
public sealed class FindStatusMessageTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_steps_of_a_message_are_found_by_its_id_and_by_either_address_of_its_chat()
    {
        var id = await SendReadAsync("first");
        await SendReadAsync("second");

        var found = await FindAsync(new { where = new { id } });

        Assert.Equal("READ", (string?)found[0]!["status"]);
        Assert.All(found, row => Assert.Equal(
            (id, LinkedGateway.OtherJid, true, null), ((string?)row!["keyId"], (string?)row["remoteJid"], (bool)row["fromMe"]!, (string?)row["participant"])));
        var stored = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { id } } }, Ct);
        Assert.Equal((string?)stored["messages"]!["records"]![0]!["id"], (string?)found[0]!["messageId"]);
        foreach (var chat in new[] { LinkedGateway.OtherJid, _linked.Other.Lid.ToString() })
            Assert.Equal(2, (await FindAsync(new { where = new { remoteJid = chat } })).Count(row => (string?)row!["status"] == "READ"));
        Assert.Empty(await FindAsync(new { where = new { remoteJid = "5511999990099@s.whatsapp.net" } }));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Pages_follow_one_another_and_nothing_else_filters()
    {
        await SendReadAsync("first");
        await SendReadAsync("second");
        var all = await FindAsync(new { where = new { status = "PLAYED", fromMe = false } });
        // A step that a later one overtook leaves no row.
        Assert.InRange(all.Count, 2, 6);

        var paged = new List<JsonNode?>();
        for (var page = 1; page <= all.Count; page++)
            paged.Add(Assert.Single(await FindAsync(new { page, offset = 1 })));

        Assert.Equal(all.Select(row => (string?)row!["id"]), paged.Select(row => (string?)row!["id"]));
        Assert.Empty(await FindAsync(new { page = all.Count + 1, offset = 1 }));
    }

    private async Task<string> SendReadAsync(string text)
    {
        var sent = await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text }, Ct);
        var id = (string)sent["key"]!["id"]!;
        await _linked.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct);
        await _linked.Other.ReadAsync(LinkedGateway.OwnNumber, [id]);
        await _linked.Receiver.WaitAsync("messages.update", data => (string?)data["keyId"] == id && (string?)data["status"] == "READ", Ct);
        return id;
    }

    private async Task<JsonArray> FindAsync(object body)
    {
        using var reply = await _linked.Gateway.Http.PostAsJsonAsync("/chat/findStatusMessage/sales", body, Ct);
        Assert.Equal(System.Net.HttpStatusCode.OK, reply.StatusCode);
        return (await reply.Content.ReadFromJsonAsync<JsonNode>(Ct))!.AsArray();
    }
}
