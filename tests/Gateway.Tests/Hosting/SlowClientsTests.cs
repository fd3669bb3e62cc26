using System.Net;
using System.Net.Sockets;
using System.Text;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.Hosting;

/// <summary>A client that sends next to nothing holds neither a request nor its neighbours up.</summary>
public sealed class SlowClientsTests
{
    private const int Clients = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_body_that_does_not_come_is_cut_off_and_others_are_served_meanwhile()
    {
        await using var gateway = await RunningGateway.StartAsync(Stop);
        var token = await gateway.CreateAsync("sales", Stop);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));

        var slow = Enumerable.Range(0, Clients).Select(_ => SendSlowlyAsync(gateway.Address.Port, token, limit.Token)).ToList();
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/instance/connectionState/sales", token, Stop)).Status);

        foreach (var answer in await Task.WhenAll(slow))
            Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/instance/connectionState/sales", token, Stop)).Status);
    }

    /// <returns>What came until the gateway hung up.</returns>
    private static async Task<string> SendSlowlyAsync(int port, string token, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /message/sendText/sales HTTP/1.1\r\nHost: localhost\r\napikey: {token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"),
            cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
