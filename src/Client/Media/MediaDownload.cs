using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Evolution.Protocol.Media;

namespace Evolution.Client.Media;

/// <summary>
/// Fetches one file into a spool file, decrypting on the way, and goes on at another host where one breaks off (whatsmeow download.go). What was
/// written is handed out only when MAC, hashes and length hold.
/// </summary>
internal sealed class MediaDownload : IDisposable
{
    private const int PieceLength = 64 * 1024;

    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly MediaReference media;
    private readonly FileStream file;
    private readonly long maxBytes;
    private readonly string query;
    private MediaDecryptor decryptor;
    private long received;

    private MediaDownload(HttpClient http, TimeProvider time, MediaReference media, FileStream file, long maxBytes)
    {
        this.http = http;
        this.time = time;
        this.media = media;
        this.file = file;
        this.maxBytes = maxBytes;
        query = $"{(media.DirectPath.Contains('?', StringComparison.Ordinal) ? '&' : '?')}hash={Uri.EscapeDataString(UrlBase64.Padded(media.EncryptedSha256.Span))}&mms-type={MediaRoutes.DownloadType(media.Kind)}&__wa-mms=";
        decryptor = NewDecryptor(media);
    }

    /// <returns>The plaintext, at its beginning.</returns>
    /// <exception cref="MediaGoneException">The hosts no longer have the file.</exception>
    /// <exception cref="MediaCorruptException">It is not what was announced.</exception>
    /// <exception cref="MediaTooLargeException">It has more than <paramref name="maxBytes"/> bytes.</exception>
    /// <exception cref="MediaUnreachableException">No host served.</exception>
    public static async Task<FileStream> RunAsync(
        HttpClient http, MediaHosts hosts, string folder, MediaReference media, long maxBytes, TimeProvider time, CancellationToken ct)
    {
        if (media.Length > maxBytes)
            throw new MediaTooLargeException();
        var spool = SpoolFile.Create(folder);
        try
        {
            using var download = new MediaDownload(http, time, media, spool, maxBytes);
            await hosts.TryEachAsync(download.Order, (_, host) => download.ReceiveAsync(host, ct), ct).ConfigureAwait(false);
            await download.FinishAsync(ct).ConfigureAwait(false);
            spool.Position = 0;
            return spool;
        }
        catch
        {
            await spool.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void Dispose() => decryptor.Dispose();

    // The host of the file's own address first, but only where the server names it too: a sender could name any.
    private IEnumerable<string> Order(MediaConnection connection)
    {
        var own = Uri.TryCreate(media.Url, UriKind.Absolute, out var url) ? url.Authority : null;
        return connection.Hosts.OrderByDescending(host => string.Equals(host, own, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<bool> ReceiveAsync(string host, CancellationToken ct)
    {
        using var guard = new StallGuard(time, ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{host}{media.DirectPath}{query}"));
        request.Headers.Add("Origin", MediaRoutes.Origin);
        if (received > 0)
            request.Headers.Range = new RangeHeaderValue(received, null);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, guard.Token).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden)
            throw new MediaGoneException();
        response.EnsureSuccessStatusCode();
        if (received > 0 && (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != received))
            StartAgain();
        var body = await response.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
            await CopyAsync(body, guard).ConfigureAwait(false);
        return true;
    }

    private async Task CopyAsync(Stream body, StallGuard guard)
    {
        var encrypted = ArrayPool<byte>.Shared.Rent(PieceLength);
        var plaintext = ArrayPool<byte>.Shared.Rent(MediaDecryptor.OutputLength(encrypted.Length));
        try
        {
            int read;
            while ((read = await body.ReadAsync(encrypted, guard.Token).ConfigureAwait(false)) > 0)
            {
                guard.Progress();
                received += read;
                if (received > maxBytes + MediaEncryptor.TailLength)
                    throw new MediaTooLargeException();
                var written = decryptor.Append(encrypted.AsSpan(0, read), plaintext);
                await file.WriteAsync(plaintext.AsMemory(0, written), guard.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(encrypted);
            ArrayPool<byte>.Shared.Return(plaintext);
        }
    }

    private async Task FinishAsync(CancellationToken ct)
    {
        var rest = new byte[MediaDecryptor.OutputLength(0)];
        MediaDigest digest;
        int written;
        try
        {
            digest = decryptor.Finish(rest, out written);
        }
        catch (MediaFormatException e)
        {
            throw new MediaCorruptException(e.Message, e);
        }

        if (!CryptographicOperations.FixedTimeEquals(digest.EncryptedSha256.Span, media.EncryptedSha256.Span))
            throw new MediaCorruptException("The encrypted file is another one than announced.");
        if (!media.Sha256.IsEmpty && !CryptographicOperations.FixedTimeEquals(digest.Sha256.Span, media.Sha256.Span))
            throw new MediaCorruptException("The file is another one than announced.");
        if (media.Length is { } announced && announced != digest.Length)
            throw new MediaCorruptException("The file has another length than announced.");
        await file.WriteAsync(rest.AsMemory(0, written), ct).ConfigureAwait(false);
        await file.FlushAsync(ct).ConfigureAwait(false);
    }

    private void StartAgain()
    {
        received = 0;
        file.SetLength(0);
        decryptor.Dispose();
        decryptor = NewDecryptor(media);
    }

    private static MediaDecryptor NewDecryptor(MediaReference media)
    {
        try
        {
            return new MediaDecryptor(media.Key.Span, media.Kind);
        }
        catch (MediaFormatException e)
        {
            throw new MediaCorruptException(e.Message, e);
        }
    }
}
