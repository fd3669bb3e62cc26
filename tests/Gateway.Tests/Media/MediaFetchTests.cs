using System.Net;
using System.Net.Sockets;
using System.Text;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Media;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Gateway.Tests.Media;

/// <summary>Files by address, from servers that don't keep to what they say.</summary>
public sealed class MediaFetchTests : IDisposable
{
    private static readonly MediaOptions Options = new(1000, FetchesFromPrivateAddresses: true);
    private readonly string folder = Directory.CreateTempSubdirectory("evolution-fetch-").FullName;
    private readonly FakeTimeProvider time = new();
    private readonly GuardedWeb web = new(Options);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly MediaFetch fetch;

    public MediaFetchTests()
    {
        listener.Start();
        fetch = new MediaFetch(web, new MediaStore(new MediaFolders(Path.Combine(folder, "media"), Path.Combine(folder, "spool"))), Options, time);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Uri Address => new($"http://{listener.LocalEndpoint}/file");

    public void Dispose()
    {
        listener.Dispose();
        web.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("", 30)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome", 300)]
    public async Task A_server_that_stalls_is_waited_for_so_long_and_no_longer(string answer, int seconds)
    {
        var getting = fetch.GetAsync(Address, Ct);
        using var connection = await AnswerAsync(answer);
        if (answer.Length > 0)
            await SpooledAsync();

        time.Advance(TimeSpan.FromSeconds(seconds));

        var refused = await Assert.ThrowsAsync<MediaException>(() => getting);
        Assert.Contains("127.0.0.1 did not deliver the file in time", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "spool")));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Of_a_server_that_sends_more_than_it_announces_only_that_is_taken()
    {
        var getting = fetch.GetAsync(Address, Ct);
        using var connection = await AnswerAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nsomething else");

        var (file, mimetype) = await getting;

        Assert.Equal(("some", "text/plain"), (await File.ReadAllTextAsync(file.Path, Ct), mimetype));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_file_that_is_announced_as_too_large_is_not_read()
    {
        var getting = fetch.GetAsync(Address, Ct);
        using var connection = await AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");

        Assert.Contains("more than 1000 bytes", (await Assert.ThrowsAsync<MediaException>(() => getting)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Where_private_addresses_are_forbidden_no_name_leads_inside()
    {
        using var closed = new GuardedWeb(Options with { FetchesFromPrivateAddresses = false });
        var guarded = new MediaFetch(closed, new MediaStore(new MediaFolders(Path.Combine(folder, "media"), Path.Combine(folder, "spool"))), Options, time);

        await Assert.ThrowsAsync<MediaException>(() => guarded.GetAsync(Address, Ct));
        await Assert.ThrowsAsync<MediaException>(() => guarded.GetAsync(new Uri($"http://localhost:{Address.Port}/file"), Ct));

        Assert.False(listener.Pending());
    }

    private async Task<TcpClient> AnswerAsync(string answer)
    {
        var connection = await listener.AcceptTcpClientAsync(Ct);
        var request = new byte[4096];
        Assert.NotEqual(0, await connection.GetStream().ReadAsync(request, Ct));
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), Ct);
        return connection;
    }

    // The body is being read once its file is there: from then on the longer limit holds.
    private async Task SpooledAsync()
    {
        while (Directory.GetFiles(Path.Combine(folder, "spool")).Length == 0)
            await Task.Yield();
    }
}
