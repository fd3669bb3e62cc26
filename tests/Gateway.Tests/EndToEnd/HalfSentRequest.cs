using System.Net.Sockets;
using System.Text;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A request that the server has begun to work on, and whose body is still to come.</summary>
internal sealed class HalfSentRequest : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly byte[] _body;

    private HalfSentRequest(string body) => _body = Encoding.UTF8.GetBytes(body);

    /// <summary>Sends the head and returns when the server asks for the body.</summary>
    public static async Task<HalfSentRequest> StartAsync(Uri server, string path, string key, string body, CancellationToken cancellationToken)
    {
        var request = new HalfSentRequest(body);
        await request._client.ConnectAsync(server.Host, server.Port, cancellationToken);
        var head = $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\napikey: {key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {request._body.Length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
        await request._client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        Assert.StartsWith("HTTP/1.1 100", await request.ReadLineAsync(cancellationToken), StringComparison.Ordinal);
        Assert.Equal("", await request.ReadLineAsync(cancellationToken));
        return request;
    }

    /// <summary>Sends the body and returns the first line of the answer.</summary>
    public async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        await _client.GetStream().WriteAsync(_body, cancellationToken);
        return await ReadLineAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (await _client.GetStream().ReadAsync(next, cancellationToken) == 1 && next[0] != '\n')
            line.Append((char)next[0]);
        return line.ToString().TrimEnd('\r');
    }
}
