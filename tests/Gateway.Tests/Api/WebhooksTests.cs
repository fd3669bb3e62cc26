using System.Net;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.Api;

/// <summary>What webhook/set takes and refuses.</summary>
public sealed class WebhooksTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"my header":"x"}""", """["\"my header\" can't be the name of a header of webhook requests"]""")]
    [InlineData("""{"":"x"}""", """["\"\" can't be the name of a header of webhook requests"]""")]
    [InlineData("""{"x-shop":"a\r\nb"}""", """["the value of the webhook's header \"x-shop\" must be on one line"]""")]
    public async Task Headers_that_no_request_can_carry_are_refused_and_nothing_changes(string headers, string message)
    {
        await using var gateway = await RunningGateway.StartAsync(Stop);
        var token = await gateway.CreateAsync("sales", Stop);
        await SetAsync(gateway, token, """{"x-shop":"1","x-number":2,"jwt_key":"a\nb"}""");

        var reply = await SetAsync(gateway, token, headers);

        Assert.Equal((HttpStatusCode.BadRequest, message), (reply.Status, reply.Message));
        Assert.Equal(
            """{"x-shop":"1","x-number":2,"jwt_key":"a\nb"}""",
            (await gateway.GetAsync("/webhook/find/sales", token, Stop)).Json.GetProperty("headers").GetRawText());
    }

    private static Task<Reply> SetAsync(RunningGateway gateway, string token, string headers) => gateway.PostAsync(
        "/webhook/set/sales", token, $$$"""{"webhook":{"enabled":true,"url":"http://app.example/hook","headers":{{{headers}}}}}""", Stop);
}
