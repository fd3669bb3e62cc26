using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary>
/// Looks up what is shown under the first link of a text. Whoever may send may name any address, so only public ones are asked. Whatever goes wrong
/// means no preview; the text goes out all the same.
/// </summary>
internal sealed partial class LinkPreviews(GuardedWeb web, Pictures pictures, ILogger<LinkPreviews> logger)
{
    private const int MaxPageBytes = 512 * 1024;
    private const int MaxPictureBytes = 3 * 1024 * 1024;

    // As wide as Baileys makes it (src/Utils/link-preview.ts).
    private const int ThumbnailEdge = 192;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public async Task<LinkPreview?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (FirstLink().Match(text) is not { Success: true } match || !Uri.TryCreate(match.Value, UriKind.Absolute, out var address))
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await ReadAsync(address, match.Value, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            MessagesLog.NoPreview(logger, e.GetType().Name);
            return null;
        }
    }

    private async Task<LinkPreview?> ReadAsync(Uri address, string matched, CancellationToken cancellationToken)
    {
        using var response = await web.Pages.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "text/html")
            return null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var page = new byte[MaxPageBytes];
        var length = await stream.ReadAtLeastAsync(page, page.Length, throwOnEndOfStream: false, cancellationToken);
        using var html = await new HtmlParser().ParseDocumentAsync(new MemoryStream(page, 0, length), cancellationToken);
        var title = html.QuerySelector("meta[property='og:title']")?.GetAttribute("content") ?? html.Title;
        var description = html.QuerySelector("meta[property='og:description']")?.GetAttribute("content")
            ?? html.QuerySelector("meta[name='description']")?.GetAttribute("content");
        if (string.IsNullOrWhiteSpace(title))
            return null;
        var picture = html.QuerySelector("meta[property='og:image']")?.GetAttribute("content");
        return new LinkPreview(matched, title.Trim(), description?.Trim())
        {
            // Relative to where the page really was.
            Thumbnail = picture?.Trim() is { Length: > 0 } relative && Uri.TryCreate(response.RequestMessage!.RequestUri, relative, out var found) ? await ThumbnailAsync(found, cancellationToken) : null,
        };
    }

    private async Task<byte[]?> ThumbnailAsync(Uri address, CancellationToken cancellationToken)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            return null;
        try
        {
            using var response = await web.Pages.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentLength > MaxPictureBytes)
                return null;
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var picture = new MemoryStream();
            var piece = new byte[16 * 1024];
            int read;
            while ((read = await stream.ReadAsync(piece, cancellationToken)) > 0)
            {
                if (picture.Length + read > MaxPictureBytes)
                    return null;
                picture.Write(piece, 0, read);
            }

            return await pictures.ThumbnailAsync(picture.ToArray(), ThumbnailEdge, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The page has been read: its words are shown without its picture.
            MessagesLog.NoPreview(logger, e.GetType().Name);
            return null;
        }
    }

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstLink();
}
