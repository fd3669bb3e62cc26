using System.Net;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.Api;

/// <summary>Templates, which this channel doesn't have: guards and schema answer first, then it says so.</summary>
public sealed class SendTemplateTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;
    private string token = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync(Stop);
        token = await gateway.CreateAsync("sales", Stop);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("""{"number":"5511999990001","name":"order_update","language":"en","components":[],"webhookUrl":"https://app.example/status"}""", 500, """{"status":500,"error":"Internal Server Error","response":{"message":"Method not available in the Baileys service"}}""")]
    [InlineData("""{"name":"order_update","language":"en"}""", 500, """{"status":500,"error":"Internal Server Error","response":{"message":"Method not available in the Baileys service"}}""")]
    [InlineData("""{"number":5,"language":"en"}""", 400, """{"status":400,"error":"Bad Request","response":{"message":[["Invalid format","instance requires property \"name\""]]}}""")]
    public async Task It_is_checked_and_then_refused_as_Evolution_does(string body, int status, string answer)
    {
        var reply = await gateway.PostAsync("/message/sendTemplate/sales", token, body, Stop);

        Assert.Equal(((HttpStatusCode)status, answer), (reply.Status, reply.Text));
        Assert.Empty(gateway.HostOf("sales").Provider.Sent);
    }

    [Fact]
    public async Task The_guards_come_first()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.PostAsync("/message/sendTemplate/nobody", token, "{}", Stop)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.PostAsync("/message/sendTemplate/sales", "wrong", "{}", Stop)).Status);
    }
}
