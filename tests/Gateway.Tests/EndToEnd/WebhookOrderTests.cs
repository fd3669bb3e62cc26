namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>What a delivery that fails holds up: its own chat, and the whole instance where that is asked for.</summary>
public sealed class WebhookOrderTests
{
    private const string ThirdNumber = "5511999990003";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_delivery_that_fails_keeps_its_chat_in_order_and_holds_up_no_other()
    {
        await using var linked = await StartAsync();
        var third = await linked.Simulator.World.CreatePhoneAsync(ThirdNumber, "Carol");
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        linked.Receiver.BeforeAnswer = e =>
        {
            if (TextOf(e) == "first")
                tried.TrySetResult();
            // The first chat's first message is refused for as long as the other chat's has not come.
            if (TextOf(e) == "first" && !Texts(linked).Contains("other"))
                linked.Receiver.Answers.Enqueue(503);
            return Task.CompletedTask;
        };

        await linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "first");
        await linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "second");
        await tried.Task.WaitAsync(Ct);
        await third.SendTextAsync(LinkedGateway.OwnNumber, "other");
        await linked.Receiver.WaitForAsync(e => TextOf(e) == "second", 0, Ct);

        Assert.Equal(["other", "first", "second"], Texts(linked));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task With_strict_order_a_delivery_that_fails_holds_up_the_whole_instance()
    {
        await using var linked = await StartAsync(("WEBHOOK_STRICT_ORDER", "true"));
        var third = await linked.Simulator.World.CreatePhoneAsync(ThirdNumber, "Carol");
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        linked.Receiver.BeforeAnswer = e =>
        {
            if (TextOf(e) == "first")
                tried.TrySetResult();
            return Task.CompletedTask;
        };
        linked.Receiver.Answers.Enqueue(503);

        await linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "first");
        await tried.Task.WaitAsync(Ct);
        await third.SendTextAsync(LinkedGateway.OwnNumber, "other");
        await linked.Receiver.WaitForAsync(e => TextOf(e) == "other", 0, Ct);

        Assert.Equal(["first", "other"], Texts(linked));
    }

    private static async Task<LinkedGateway> StartAsync(params (string Name, string Value)[] settings)
    {
        var linked = await LinkedGateway.StartAsync(Ct, settings);
        await linked.SubscribeAsync(Ct, events: ["MESSAGES_UPSERT"]);
        return linked;
    }

    private static string? TextOf(System.Text.Json.Nodes.JsonObject e) =>
        (string?)e["event"] == "messages.upsert" ? (string?)e["data"]!["message"]!["conversation"] : null;

    private static IEnumerable<string> Texts(LinkedGateway linked) => linked.Receiver.Events.Select(TextOf).OfType<string>();
}
