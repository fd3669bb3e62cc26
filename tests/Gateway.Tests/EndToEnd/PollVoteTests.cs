using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Votes on polls, opened and counted.</summary>
public sealed class PollVoteTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;
    private HttpClient _simulator = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _linked = await LinkedGateway.StartAsync(Ct);
        _simulator = new HttpClient { BaseAddress = _linked.Simulator.ControlUrl };
    }

    public ValueTask DisposeAsync()
    {
        _simulator.Dispose();
        return _linked.DisposeAsync();
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_newest_vote_of_a_person_counts_and_the_poll_is_told_as_it_stands()
    {
        var sent = await _linked.Gateway.PostAsync(
            "/message/sendPoll/sales", new { number = LinkedGateway.OtherNumber, name = "Lunch?", selectableCount = 1, values = new[] { "Yes", "No" } }, Ct);
        var id = (string)sent["key"]!["id"]!;
        await _linked.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct);

        await VoteAsync(id, "Yes");
        await WaitForAsync(id, $$"""[{"name":"Yes","voters":["{{LinkedGateway.OtherJid}}"]},{"name":"No","voters":[]}]""");
        await VoteAsync(id, "No");
        await WaitForAsync(id, $$"""[{"name":"Yes","voters":[]},{"name":"No","voters":["{{LinkedGateway.OtherJid}}"]}]""");
        await VoteAsync(id);
        await WaitForAsync(id, """[{"name":"Yes","voters":[]},{"name":"No","voters":[]}]""");

        Assert.DoesNotContain(_linked.Receiver.Events, e => (string?)e["event"] == "messages.upsert");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_vote_on_somebody_elses_poll_is_opened_with_what_the_phone_voted()
    {
        var created = await PostToPhoneAsync(LinkedGateway.OtherNumber, new { to = LinkedGateway.OwnNumber, poll = new { name = "Lunch?", options = new[] { "Yes", "No" }, selectable = 1 } });
        var id = (string)created["id"]!;
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);

        await PostToPhoneAsync(LinkedGateway.OwnNumber, new { to = LinkedGateway.OtherNumber, vote = new { id, options = new[] { "Yes" } } });

        await WaitForAsync(id, $$"""[{"name":"Yes","voters":["{{LinkedGateway.OwnNumber}}@s.whatsapp.net"]},{"name":"No","voters":[]}]""");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_poll_with_a_thousand_options_that_repeat_is_counted_by_name()
    {
        const int Options = 1000;
        var names = Enumerable.Range(0, Options).Select(i => $"o{i}").ToList();
        var poll = new Message
        {
            MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)) },
            PollCreationMessageV3 = new() { Name = "Which?", SelectableOptionsCount = 0 },
        };
        poll.PollCreationMessageV3.Options.Add(names.Concat(names).Select(name => new Message.Types.PollCreationMessage.Types.Option { OptionName = name }));
        var created = await PostToPhoneAsync(LinkedGateway.OtherNumber, new { to = LinkedGateway.OwnNumber, raw = poll.ToByteString().ToBase64() });
        var id = (string)created["id"]!;

        await VoteAsync(id, [.. names]);

        var told = await _linked.Receiver.WaitAsync("messages.update", data => (string?)data["keyId"] == id && data["pollUpdates"] is not null, Ct);
        Assert.All(told["data"]!["pollUpdates"]!.AsArray(), option => Assert.Equal($"[\"{LinkedGateway.OtherJid}\"]", option!["voters"]!.ToJsonString()));
        Assert.Equal(names, told["data"]!["pollUpdates"]!.AsArray().Select(option => (string?)option!["name"]));
    }

    private Task VoteAsync(string id, params string[] options) =>
        PostToPhoneAsync(LinkedGateway.OtherNumber, new { to = LinkedGateway.OwnNumber, vote = new { id, options } });

    private Task WaitForAsync(string id, string pollUpdates) => _linked.Receiver.WaitAsync(
        "messages.update", data => (string?)data["keyId"] == id && data["pollUpdates"]?.ToJsonString() == pollUpdates, Ct);

    private async Task<JsonNode> PostToPhoneAsync(string number, object message)
    {
        using var answer = await _simulator.PostAsJsonAsync($"/v1/phones/{number}/messages", message, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
