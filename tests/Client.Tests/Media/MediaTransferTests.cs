using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Evolution.Client.Media;
using Evolution.Client.Tests.Messages;
using Evolution.Protocol.Media;
using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Evolution.Client.Tests.Media;

/// <summary>What transfers do when hosts fail: which are asked, in which order, and how a download goes on.</summary>
public sealed class MediaTransferTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evolution-transfer-");
    private readonly FakeTimeProvider time = new();
    private readonly FakeChannel channel = new();
    private readonly Network network = new();
    private readonly MediaHosts hosts;
    private readonly byte[] plaintext = RandomNumberGenerator.GetBytes(200_000);
    private int asked;

    public MediaTransferTests()
    {
        hosts = new MediaHosts(channel, time);
        channel.Answer = _ => new Node("iq", null,
        [
            new Node("media_conn", new NodeAttributes { { "auth", $"auth {++asked}" }, { "ttl", "300" } },
                [.. new[] { "one.test", "two.test" }.Select(name => new Node("host", new NodeAttributes { { "hostname", name } }))]),
        ]);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        hosts.Dispose();
        network.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Hosts_are_kept_as_long_as_the_server_allows_and_no_longer()
    {
        await hosts.GetAsync(null, Ct);
        time.Advance(TimeSpan.FromSeconds(299));
        await hosts.GetAsync(null, Ct);
        Assert.Equal(1, asked);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("auth 2", (await hosts.GetAsync(null, Ct)).Auth);
    }

    [Fact]
    public async Task An_upload_goes_on_to_the_next_host_and_shows_its_token()
    {
        network.Answer = request => request.RequestUri!.Host == "one.test" ? new HttpResponseMessage(HttpStatusCode.BadGateway) : Uploaded();

        var uploaded = await UploadAsync();

        Assert.Equal("/v/there.enc", uploaded.DirectPath);
        Assert.Equal(["one.test", "two.test"], network.Requests.Select(request => request.Host));
        var token = UrlBase64.Unpadded(uploaded.EncryptedSha256.Span);
        Assert.Equal($"/mms/image/{token}?auth=auth%201&token={token}", network.Requests[1].PathAndQuery);
        Assert.Equal(uploaded.EncryptedSha256.ToArray(), SHA256.HashData(network.Bodies[1]));
    }

    [Fact]
    public async Task An_upload_that_every_host_refuses_asks_for_new_hosts_once_and_then_gives_up()
    {
        network.Answer = _ => new HttpResponseMessage(HttpStatusCode.Unauthorized);

        await Assert.ThrowsAsync<MediaUnreachableException>(UploadAsync);

        Assert.Equal(2, asked);
        Assert.Equal(4, network.Requests.Count);
        Assert.Contains("auth%202", network.Requests[3].Query, StringComparison.Ordinal);
        Assert.Empty(folder.GetFiles());
    }

    [Fact]
    public async Task An_upload_that_is_too_large_is_not_tried_elsewhere()
    {
        network.Answer = _ => new HttpResponseMessage(HttpStatusCode.RequestEntityTooLarge);

        await Assert.ThrowsAsync<MediaTooLargeException>(UploadAsync);

        Assert.Single(network.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_that_breaks_off_goes_on_at_the_next_host(bool rangesWork)
    {
        var (media, encrypted) = Encrypt();
        network.Answer = request =>
        {
            var from = rangesWork ? (int?)request.Headers.Range?.Ranges.Single().From ?? 0 : 0;
            var broken = network.Requests.Count == 1;
            var response = new HttpResponseMessage(from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
            {
                Content = new StreamContent(broken ? new BreakingStream(encrypted.AsMemory(0, 70_003)) : new MemoryStream(encrypted[from..])),
            };
            if (from > 0)
                response.Content.Headers.ContentRange = new(from, encrypted.Length - 1, encrypted.Length);
            return response;
        };

        await using var file = await DownloadAsync(media);

        var back = new byte[file.Length];
        await file.ReadExactlyAsync(back, Ct);
        Assert.Equal(plaintext, back);
        Assert.Equal(["one.test", "two.test"], network.Requests.Select(request => request.Host));
    }

    [Fact]
    public async Task An_upload_that_stalls_at_one_host_goes_on_at_the_next()
    {
        network.Answer = _ => Uploaded();
        network.Stalling = "one.test";

        var uploading = UploadAsync();
        await network.Stalled.WaitAsync(Ct);
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("/v/there.enc", (await uploading).DirectPath);
        Assert.Equal(["one.test", "two.test"], network.Requests.Select(request => request.Host));
    }

    [Fact]
    public async Task A_download_that_stalls_at_one_host_goes_on_at_the_next()
    {
        var (media, encrypted) = Encrypt();
        network.Answer = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(encrypted) };
        network.Stalling = "one.test";

        var downloading = DownloadAsync(media);
        await network.Stalled.WaitAsync(Ct);
        time.Advance(TimeSpan.FromSeconds(30));

        await using var file = await downloading;
        Assert.Equal(plaintext.Length, file.Length);
        Assert.Equal(["one.test", "two.test"], network.Requests.Select(request => request.Host));
    }

    [Fact]
    public async Task A_download_that_one_host_fails_goes_on_at_the_next()
    {
        var (media, encrypted) = Encrypt();
        network.Answer = request => request.RequestUri!.Host == "one.test"
            ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(encrypted) };

        await using var file = await DownloadAsync(media);

        Assert.Equal(plaintext.Length, file.Length);
        Assert.Equal(["one.test", "two.test"], network.Requests.Select(request => request.Host));
    }

    [Fact]
    public async Task A_download_that_every_host_refuses_asks_for_new_hosts_once_and_takes_the_file_from_them()
    {
        var (media, encrypted) = Encrypt();
        network.Answer = _ => network.Requests.Count <= 2
            ? new HttpResponseMessage(HttpStatusCode.Unauthorized)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(encrypted) };

        await using var file = await DownloadAsync(media);

        Assert.Equal(plaintext.Length, file.Length);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_transfer_after_the_hosts_have_expired_asks_for_them_again()
    {
        var (media, encrypted) = Encrypt();
        network.Answer = request => request.Method == HttpMethod.Post ? Uploaded() : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(encrypted) };

        await UploadAsync();
        time.Advance(TimeSpan.FromSeconds(300));
        await (await DownloadAsync(media)).DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(300));
        await UploadAsync();

        Assert.Equal(3, asked);
        Assert.Contains("auth%203", network.Requests[2].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_files_own_host_comes_first_but_only_if_the_server_names_it()
    {
        var (media, _) = Encrypt();
        network.Answer = _ => new HttpResponseMessage(HttpStatusCode.InternalServerError);

        await Assert.ThrowsAsync<MediaUnreachableException>(() => DownloadAsync(media with { Url = "https://two.test/v/x.enc" }));
        await Assert.ThrowsAsync<MediaUnreachableException>(() => DownloadAsync(media with { Url = "https://evil.test/v/x.enc" }));

        Assert.Equal(["two.test", "one.test"], network.Requests.Take(2).Select(request => request.Host));
        Assert.DoesNotContain(network.Requests, request => request.Host == "evil.test");
    }

    private Task<MediaReference> UploadAsync() =>
        MediaUpload.RunAsync(network.Client, hosts, folder.FullName, new MemoryStream(plaintext), MediaKind.Image, time, Ct);

    private Task<FileStream> DownloadAsync(MediaReference media) =>
        MediaDownload.RunAsync(network.Client, hosts, folder.FullName, media, MediaFiles.MaxBytes, time, Ct);

    private (MediaReference Media, byte[] Encrypted) Encrypt()
    {
        var key = RandomNumberGenerator.GetBytes(MediaEncryptor.KeyLength);
        using var encryptor = new MediaEncryptor(key, MediaKind.Video);
        var output = new byte[MediaEncryptor.OutputLength(plaintext.Length) + MediaEncryptor.TailLength];
        var written = encryptor.Append(plaintext, output);
        var digest = encryptor.Finish(output.AsSpan(written));
        return (new MediaReference
        {
            Kind = MediaKind.Video,
            DirectPath = "/v/x.enc",
            Key = key,
            EncryptedSha256 = digest.EncryptedSha256,
            Sha256 = digest.Sha256,
            Length = digest.Length,
        }, output[..(written + MediaEncryptor.TailLength)]);
    }

    private static HttpResponseMessage Uploaded() => new(HttpStatusCode.OK)
    {
        Content = JsonContent.Create(new { url = "https://two.test/v/there.enc", direct_path = "/v/there.enc" }),
    };

    private sealed class Network : HttpMessageHandler
    {
        private readonly TaskCompletionSource stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Network() => Client = new HttpClient(this, disposeHandler: false);

        public HttpClient Client { get; }

        public List<Uri> Requests { get; } = [];

        public List<byte[]> Bodies { get; } = [];

        public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.OK);

        /// <summary>A host that never answers.</summary>
        public string? Stalling { get; set; }

        /// <summary>Ends when it was asked.</summary>
        public Task Stalled => stalled.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request.RequestUri!);
            Bodies.Add(request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken));
            if (request.RequestUri!.Host == Stalling)
            {
                stalled.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return Answer(request);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                Client.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Gives some bytes and then fails as a broken connection does.</summary>
    private sealed class BreakingStream(ReadOnlyMemory<byte> bytes) : MemoryStream(bytes.ToArray())
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("The connection broke.");
        }
    }
}
