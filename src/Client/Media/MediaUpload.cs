using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Evolution.Protocol.Media;

namespace Evolution.Client.Media;

/// <summary>Encrypts a file into a spool file and gives it to the first host that takes it (Baileys Utils/messages-media.ts, getWAUploadToServer).</summary>
internal static class MediaUpload
{
    private const int PieceLength = 64 * 1024;

    /// <exception cref="MediaTooLargeException">WhatsApp does not take files of this size.</exception>
    /// <exception cref="MediaUnreachableException">No host took it.</exception>
    public static async Task<MediaReference> RunAsync(
        HttpClient http, MediaHosts hosts, string folder, Stream content, MediaKind kind, TimeProvider time, CancellationToken ct)
    {
        var path = MediaRoutes.UploadPath(kind);
        var key = RandomNumberGenerator.GetBytes(MediaEncryptor.KeyLength);
        var file = SpoolFile.Create(folder);
        await using (file.ConfigureAwait(false))
        {
            var digest = await EncryptAsync(content, file, key, kind, ct).ConfigureAwait(false);
            var token = UrlBase64.Unpadded(digest.EncryptedSha256.Span);
            (string Url, string DirectPath)? place = null;
            await hosts.TryEachAsync(
                connection => connection.Hosts,
                async (connection, host) =>
                {
                    var address = new Uri($"https://{host}{path}/{token}?auth={Uri.EscapeDataString(connection.Auth)}&token={token}");
                    place = await PostAsync(http, address, file, time, ct).ConfigureAwait(false);
                    return place is not null;
                },
                ct).ConfigureAwait(false);
            return new MediaReference
            {
                Kind = kind,
                Url = place!.Value.Url,
                DirectPath = place.Value.DirectPath,
                Key = key,
                EncryptedSha256 = digest.EncryptedSha256,
                Sha256 = digest.Sha256,
                Length = digest.Length,
            };
        }
    }

    private static async Task<MediaDigest> EncryptAsync(Stream content, FileStream file, byte[] key, MediaKind kind, CancellationToken ct)
    {
        using var encryptor = new MediaEncryptor(key, kind);
        var plaintext = ArrayPool<byte>.Shared.Rent(PieceLength);
        var encrypted = ArrayPool<byte>.Shared.Rent(MediaEncryptor.OutputLength(plaintext.Length));
        try
        {
            int read;
            while ((read = await content.ReadAsync(plaintext, ct).ConfigureAwait(false)) > 0)
                await file.WriteAsync(encrypted.AsMemory(0, encryptor.Append(plaintext.AsSpan(0, read), encrypted)), ct).ConfigureAwait(false);
            var digest = encryptor.Finish(encrypted);
            await file.WriteAsync(encrypted.AsMemory(0, MediaEncryptor.TailLength), ct).ConfigureAwait(false);
            await file.FlushAsync(ct).ConfigureAwait(false);
            return digest;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plaintext, clearArray: true);
            ArrayPool<byte>.Shared.Return(encrypted);
        }
    }

    // Null: the next host shall be tried.
    private static async Task<(string Url, string DirectPath)?> PostAsync(HttpClient http, Uri address, FileStream file, TimeProvider time, CancellationToken ct)
    {
        using var guard = new StallGuard(time, ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new SpooledContent(file, guard) };
        request.Headers.Add("Origin", MediaRoutes.Origin);
        using var response = await http.SendAsync(request, guard.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge)
            throw new MediaTooLargeException("WhatsApp takes no file of this size.");
        response.EnsureSuccessStatusCode();
        try
        {
            using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false), default, guard.Token).ConfigureAwait(false);
            return answer.RootElement.TryGetProperty("direct_path", out var path) && path.GetString() is { Length: > 0 } directPath
                ? (answer.RootElement.TryGetProperty("url", out var url) ? url.GetString() ?? "" : "", directPath)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
