using System.Net.Http.Json;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>One id from a request to its stanza and its webhook, and from a stanza to its webhook.</summary>
public sealed class CorrelationTests(FaultyWorld world) : IClassFixture<FaultyWorld>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_request_is_followed_to_its_stanza_and_its_webhook()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        var instance = await world.LinkAsync(Ct);
        var bob = await world.CreatePhoneAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/message/sendText/{instance.Name}") { Content = JsonContent.Create(new { number = bob.Number, text = "follow me" }) };
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");

        using var answer = await world.Gateway.Http.SendAsync(request, Ct);

        Assert.Equal(trace, answer.Headers.GetValues("X-Correlation-Id").Single());
        var sent = await bob.WaitForMessageAsync(message => message.Text == "follow me", ct: Ct);
        Assert.Equal(trace, await CorrelationOfAsync($"Message {sent.Id} is stored and leaves"));
        Assert.Equal(trace, await CorrelationOfAsync($"send.message of {instance.Name} delivered"));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_stanza_is_followed_to_its_webhook_and_nothing_is_left_of_who_connected_the_instance()
    {
        var instance = await world.LinkAsync(Ct);
        var bob = await world.CreatePhoneAsync();
        var before = world.Log.Entries.Count;

        var first = await CorrelationOfMessageAsync(await bob.SendTextAsync(instance.Phone.Number, "one"));
        var second = await CorrelationOfMessageAsync(await bob.SendTextAsync(instance.Phone.Number, "two"));

        await world.Log.WaitAsync(entry => entry.Text.StartsWith($"messages.upsert of {instance.Name} delivered", StringComparison.Ordinal) && entry.Correlation == second, before, Ct);
        var delivered = world.Log.Entries.Where(entry => entry.Text.StartsWith($"messages.upsert of {instance.Name} delivered", StringComparison.Ordinal)).Select(entry => entry.Correlation);
        Assert.Equal([first, second], delivered);
        Assert.NotEqual(first, second);
    }

    private async Task<string?> CorrelationOfMessageAsync(string id)
    {
        var correlation = await CorrelationOfAsync($"<message id={id}> is handled");
        Assert.NotNull(correlation);
        return correlation;
    }

    private async Task<string?> CorrelationOfAsync(string line) =>
        (await world.Log.WaitAsync(entry => entry.Text.StartsWith(line, StringComparison.Ordinal), 0, Ct)).Correlation;
}
