using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Evolution.Simulator.Store;
using Microsoft.AspNetCore.Http;

namespace Evolution.Simulator.Media;

/// <summary>
/// Takes uploads, gives downloads, forgets what is deleted. Paths are opaque; the query is ignored, as clients add hashes to it.
/// Source: Baileys src/Utils/messages-media.ts, whatsmeow upload.go and download.go.
/// </summary>
internal sealed class MediaHost(SimulatedWorld world)
{
    private const string Origin = "https://web.whatsapp.com";

    /// <summary>Keeps a file from the simulator itself; returns its direct path.</summary>
    public string Keep(Writes writes, byte[] bytes)
    {
        var path = $"/v/t62.7118-24/{RandomNumberGenerator.GetHexString(24, lowercase: true)}.enc";
        writes.Add("INSERT INTO media VALUES(?1, ?2)", path, bytes);
        return path + "?ccb=11-4&oh=01_simulator&oe=7FFFFFFF&_nc_sid=5e03e0";
    }

    /// <summary>Keeps a profile picture, which lies there unencrypted; returns its direct path.</summary>
    public string KeepPicture(Writes writes, byte[] bytes)
    {
        var path = $"/v/t61.24694-24/{RandomNumberGenerator.GetHexString(24, lowercase: true)}.jpg";
        writes.Add("INSERT INTO media VALUES(?1, ?2)", path, bytes);
        return path + "?ccb=11-4&oh=01_simulator&oe=7FFFFFFF&_nc_sid=5e03e0";
    }

    /// <summary>The bytes behind a direct path, with or without query; null when there are none.</summary>
    public byte[]? Find(string directPath) =>
        world.Store.Query("SELECT bytes FROM media WHERE path = ?1", row => row.Bytes(0), directPath.Split('?')[0]).FirstOrDefault();

    public Task HandleAsync(HttpContext context) => context.Request.Method switch
    {
        "GET" => DownloadAsync(context),
        "POST" => UploadAsync(context),
        "DELETE" => DeleteAsync(context),
        _ => EndAsync(context, StatusCodes.Status405MethodNotAllowed),
    };

    private async Task DownloadAsync(HttpContext context)
    {
        if (Find(context.Request.Path.Value ?? "") is not { } bytes)
        {
            await EndAsync(context, StatusCodes.Status404NotFound).ConfigureAwait(false);
            return;
        }

        var part = bytes.AsMemory();
        if (RangeHeaderValue.TryParse(context.Request.Headers.Range, out var range) && range.Ranges.FirstOrDefault() is { From: { } from })
        {
            if (from >= bytes.Length)
            {
                await EndAsync(context, StatusCodes.Status416RangeNotSatisfiable).ConfigureAwait(false);
                return;
            }

            var to = Math.Min(range.Ranges.First().To ?? bytes.Length - 1, bytes.Length - 1);
            part = part[(int)from..((int)to + 1)];
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{to}/{bytes.Length}";
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = part.Length;
        await context.Response.Body.WriteAsync(part, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task UploadAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var bytes = body.ToArray();
        var token = path[(path.LastIndexOf('/') + 1)..].TrimEnd('=');
        if (context.Request.Headers.Origin != Origin)
            world.Violations.Report("upload-origin", "An upload came without WhatsApp Web's origin.");
        if (token != Base64Url.EncodeToString(SHA256.HashData(bytes)))
        {
            world.Violations.Report("upload-token", "An upload's token is not the hash of its bytes.");
            await EndAsync(context, StatusCodes.Status400BadRequest).ConfigureAwait(false);
            return;
        }

        var writes = new Writes();
        var directPath = Keep(writes, bytes);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["url"] = $"https://{world.MediaHostName}{directPath}&mms3=true",
                ["direct_path"] = directPath,
                ["handle"] = RandomNumberGenerator.GetHexString(16, lowercase: true),
            }, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        // The path to delete travels base64url-coded in d_md: history blobs are deleted by who has read them.
        var writes = new Writes();
        if (Base64Url.IsValid(context.Request.Query["d_md"].ToString()))
        {
            var path = System.Text.Encoding.ASCII.GetString(Base64Url.DecodeFromChars(context.Request.Query["d_md"].ToString()));
            writes.Add("DELETE FROM media WHERE path = ?1", path.Split('?')[0]);
        }

        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        await EndAsync(context, StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private static Task EndAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
