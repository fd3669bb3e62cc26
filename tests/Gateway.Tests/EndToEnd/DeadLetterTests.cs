using System.Net;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>What a receiver refused is seen, and sent again.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_event_that_was_given_up_is_listed_and_delivered_when_it_is_requeued()
    {
        // The events beside a first message have lists for data; none of them is what is refused.
        await _linked.SubscribeAsync(Ct, events: ["MESSAGES_UPSERT", "CONTACTS_UPSERT", "CHATS_UPSERT"]);
        _linked.Receiver.Answers.Enqueue(400);
        var refused = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "refused");
        var taken = await _linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "taken");
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == taken, Ct);

        var list = await _linked.Gateway.GetAsync("/webhook/deadLetters/sales", Ct);
        var letter = Assert.Single(list["records"]!.AsArray())!;
        Assert.Equal(("messages.upsert", "webhook", 1, refused),
            ((string?)letter["event"], (string?)letter["subscriber"], (int?)letter["attempts"], (string?)letter["body"]!["data"]!["key"]!["id"]));
        Assert.Null(list["before"]);

        var id = (long)letter["id"]!;
        Assert.Equal(1, (int?)(await _linked.Gateway.PostAsync("/webhook/requeue/sales", new { ids = (long[])[id, id + 1000] }, Ct))["requeued"]);

        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == refused, Ct);
        Assert.Empty((await _linked.Gateway.GetAsync("/webhook/deadLetters/sales", Ct))["records"]!.AsArray());
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("?limit=0")]
    [InlineData("?limit=501")]
    [InlineData("?before=x")]
    public async Task A_page_that_can_not_be_is_400(string query)
    {
        using var answer = await _linked.Gateway.Http.GetAsync("/webhook/deadLetters/sales" + query, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("""{}""")]
    [InlineData("""{"ids":[]}""")]
    [InlineData("""{"ids":["1"]}""")]
    public async Task Nothing_is_requeued_without_numbers(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _linked.Gateway.Http.PostAsync("/webhook/requeue/sales", content, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
