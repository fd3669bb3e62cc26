using System.Text.RegularExpressions;
using Evolution.Client;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>
/// The script in which WhatsApp Web tells its own version (<c>client_revision</c>; Baileys: src/Utils/generics.ts, whatsmeow: update.go). It is served
/// to what looks like a browser only.
/// </summary>
internal sealed partial class WebVersionPage(Uri address) : IDisposable
{
    private const long MaxBytes = 8L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly HttpClient http = new() { Timeout = Limit, MaxResponseContentBufferSize = MaxBytes };

    public static Uri WhatsApp { get; } = new("https://web.whatsapp.com/sw.js");

    /// <summary>The published version; answers within 5 s.</summary>
    /// <exception cref="HttpRequestException">The page can't be had.</exception>
    /// <exception cref="OperationCanceledException">It did not come in time.</exception>
    /// <exception cref="FormatException">It names no version.</exception>
    public async Task<WhatsAppVersion> ReadAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "none");
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var script = await answer.Content.ReadAsStringAsync(cancellationToken);
        return Revision().Match(script) is { Success: true } found && uint.TryParse(found.Groups["revision"].Value, out var revision)
            ? WhatsAppVersion.BuiltIn with { Tertiary = revision }
            : throw new FormatException("the page names no version");
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex(@"\\?""client_revision\\?"":\s*(?<revision>\d+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Revision();
}
