using System.Net;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.Hosting;

public sealed class CorsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_origin_is_reflected_by_default_and_a_preflight_is_204()
    {
        await using var gateway = await RunningGateway.StartAsync(Stop);

        var reply = await SendAsync(gateway, HttpMethod.Options, "https://app.example");

        Assert.Equal(HttpStatusCode.NoContent, reply.Status);
        Assert.Equal("https://app.example", reply.Headers["Access-Control-Allow-Origin"]);
        Assert.Equal("POST,GET,PUT,DELETE", reply.Headers["Access-Control-Allow-Methods"]);
        Assert.False(reply.Headers.ContainsKey("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task With_a_list_others_are_refused_and_servers_without_an_origin_are_not()
    {
        await using var gateway = await RunningGateway.StartAsync(Stop, ("CORS_ORIGIN", "https://app.example"), ("CORS_CREDENTIALS", "true"));

        Assert.Equal("true", (await SendAsync(gateway, HttpMethod.Get, "https://app.example")).Headers["Access-Control-Allow-Credentials"]);
        Assert.Equal(
            """{"status":500,"error":"Internal Server Error","response":{"message":"Not allowed by CORS"}}""",
            (await SendAsync(gateway, HttpMethod.Options, "https://evil.example")).Text);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, HttpMethod.Get, null)).Status);
    }

    private static async Task<Reply> SendAsync(RunningGateway gateway, HttpMethod method, string? origin)
    {
        using var request = new HttpRequestMessage(method, gateway.Address);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await gateway.SendAsync(request, Stop);
    }
}
