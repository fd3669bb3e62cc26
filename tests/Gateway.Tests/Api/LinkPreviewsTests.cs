using System.Net;
using System.Text;
using Evolution.Gateway.Api.Messages;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Gateway.Tests.EndToEnd;
using Evolution.Protocol.Jids;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.Api;

/// <summary>Pages of this machine are asked here, which the gateway itself never does.</summary>
public sealed class LinkPreviewsTests : IAsyncLifetime
{
    private readonly GuardedWeb _web = new(new MediaOptions(1000, FetchesFromPrivateAddresses: false)) { Pages = new HttpClient() };
    private readonly Pictures _pictures = new();
    private readonly Dictionary<string, (string Type, byte[] Body)> _pages = [];
    private FileServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync(
        async context =>
        {
            if (!_pages.TryGetValue(context.Request.Path, out var page))
            {
                context.Response.StatusCode = (int)HttpStatusCode.NotFound;
                return;
            }

            context.Response.ContentType = page.Type;
            await context.Response.Body.WriteAsync(page.Body, Stop);
        },
        Stop);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _pictures.Dispose();
        _web.Dispose();
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("cover.png")]
    [InlineData("/news/cover.png")]
    public async Task A_page_is_shown_with_its_words_and_its_picture(string picture)
    {
        Page($"""<title>Other</title><meta property="og:title" content=" The sea "><meta property="og:description" content="Waves."><meta property="og:image" content="{picture}">""");
        _pages["/news/cover.png"] = ("image/png", MediaSample.Png);

        var preview = await FindAsync();

        Assert.Equal(($"{_server.Url}news/sea", "The sea", "Waves."), (preview!.MatchedText, preview.Title, preview.Description));
        using var small = NetVips.Image.JpegloadBuffer(preview.Thumbnail!);
        Assert.Equal((192, 120), (small.Width, small.Height));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("")]
    [InlineData("missing.png")]
    [InlineData("broken.png")]
    [InlineData("large.png")]
    [InlineData("file:///etc/hostname")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("http://127.0.0.1:1/refused.png")]
    public async Task A_picture_that_can_not_be_had_leaves_the_words(string picture)
    {
        Page($"""<title>The sea</title><meta property="og:image" content="{picture}">""");
        _pages["/news/broken.png"] = ("image/png", "no picture"u8.ToArray());
        _pages["/news/large.png"] = ("image/png", [.. MediaSample.Png, .. new byte[4 * 1024 * 1024]]);

        var preview = await FindAsync();

        Assert.Equal(("The sea", null, null), (preview!.Title, preview.Description, preview.Thumbnail));
    }

    [Fact]
    public void The_picture_goes_out_with_the_words()
    {
        var text = new OutgoingText("See https://sea.example", new LinkPreview("https://sea.example", "The sea", "Waves.") { Thumbnail = [1, 2, 3] });

        var sent = OutgoingContents.Of(new OutgoingMessage { To = Jid.Parse("5511999990002@s.whatsapp.net"), Content = text }, Jid.Parse("5511999990001@s.whatsapp.net"), DateTimeOffset.UnixEpoch);

        Assert.Equal([1, 2, 3], sent.ExtendedTextMessage.JpegThumbnail.ToByteArray());
    }

    private void Page(string head) => _pages["/news/sea"] = ("text/html", Encoding.UTF8.GetBytes($"<html><head>{head}</head></html>"));

    private Task<LinkPreview?> FindAsync() =>
        new LinkPreviews(_web, _pictures, NullLogger<LinkPreviews>.Instance).FindAsync($"Look: {_server.Url}news/sea", Stop);
}
