using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A number may be written in two ways, and a person may be known by two addresses: everybody is reached as registered and is one chat.</summary>
public sealed class NumberFormsTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("5531988881111", "5531988881111", "553188881111")]
    [InlineData("5511988881111", "+55 (11) 98888-1111", "551188881111")]
    [InlineData("553188882222", "553188882222", "5531988882222")]
    [InlineData("551188882222", "551188882222", "5511988882222")]
    [InlineData("551133334444", "551133334444", "5511933334444")]
    public async Task An_account_with_or_without_the_ninth_digit_is_reached_as_registered_in_either_form(string registered, params string[] forms)
    {
        var phone = await _linked.Simulator.World.CreatePhoneAsync(registered, "Carol");
        var jid = $"{registered}@s.whatsapp.net";
        foreach (var form in forms)
        {
            var sent = await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = form, text = $"to {form}" }, Ct);

            Assert.Equal(jid, (string?)sent["key"]!["remoteJid"]);
            var id = (string)sent["key"]!["id"]!;
            Assert.Equal($"to {form}", (await phone.WaitForMessageAsync(message => message.Id == id, ct: Ct)).Text);
            var looked = await _linked.Gateway.PostAsync("/chat/whatsappNumbers/sales", new { numbers = new[] { form } }, Ct);
            Assert.Equal((jid, true, form), ((string?)looked[0]!["jid"], (bool)looked[0]!["exists"]!, (string?)looked[0]!["number"]));
        }

        Assert.Equal([jid], await ChatsOfAsync(registered));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Number_and_LID_of_a_person_are_one_chat_that_is_found_by_either()
    {
        var lid = _linked.Other.Lid.ToString();
        var byNumber = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "by number");
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == byNumber, Ct);
        await _linked.Other.SetAddressingAsync(byLid: true);
        var byLid = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "by LID");
        var upsert = await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == byLid, Ct);
        Assert.Equal(LinkedGateway.OtherJid, (string?)upsert["data"]!["key"]!["remoteJid"]);
        var answer = await _linked.Gateway.PostAsync("/message/sendText/sales", new { number = lid, text = "to the LID" }, Ct);
        Assert.Equal(LinkedGateway.OtherJid, (string?)answer["key"]!["remoteJid"]);

        foreach (var address in (string[])[LinkedGateway.OtherJid, lid])
        {
            var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { remoteJid = address } } }, Ct);
            Assert.Equal(
                ["by LID", "by number", "to the LID"],
                found["messages"]!["records"]!.AsArray().Select(record => (string)record!["message"]!["conversation"]!).Order(StringComparer.Ordinal));
        }

        Assert.Equal([LinkedGateway.OtherJid], await ChatsOfAsync(LinkedGateway.OtherNumber, lid));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_number_that_has_written_is_looked_up_with_its_name()
    {
        await _linked.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        var id = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "hi");
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);

        var looked = await _linked.Gateway.PostAsync("/chat/whatsappNumbers/sales", new { numbers = new[] { LinkedGateway.OtherNumber, "5511999990003", "5511999990009" } }, Ct);

        Assert.Equal(["Bob", null, null], looked.AsArray().Select(one => (string?)one!["name"]));
        Assert.Equal([true, true, false], looked.AsArray().Select(one => (bool)one!["exists"]!));
    }

    /// <summary>The chats whose address contains one of the texts.</summary>
    private async Task<List<string>> ChatsOfAsync(params string[] addresses)
    {
        var chats = (await _linked.Gateway.PostAsync("/chat/findChats/sales", new JsonObject(), Ct)).AsArray();
        return [.. chats.Select(chat => (string)chat!["remoteJid"]!).Where(jid => addresses.Any(address => jid.Contains(address, StringComparison.Ordinal)))];
    }
}
