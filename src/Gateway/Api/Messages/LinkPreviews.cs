using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary>
/// Looks up what is shown under the first link of a text. Whoever may send may name any address, so only public ones are asked. Whatever goes wrong
/// means no preview; the text goes out all the same.
/// </summary>
internal sealed partial class LinkPreviews(GuardedWeb web, ILogger<LinkPreviews> logger)
{
    private const int MaxPageBytes = 512 * 1024;
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
        return string.IsNullOrWhiteSpace(title) ? null : new LinkPreview(matched, title.Trim(), description?.Trim());
    }

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstLink();
}
