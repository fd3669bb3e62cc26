using System.Text;
using System.Text.Json;
using Evolution.Gateway.Api;
using Evolution.Gateway.Media;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Evolution.Gateway.Hosting;

/// <summary>Reads <c>multipart/form-data</c>: one file, which goes straight to the disk, and text fields, which become an object as those of any form.</summary>
internal sealed class UploadForm(MediaStore store, MediaOptions options)
{
    private const string FilePart = "file";
    private const int MaxTextBytes = 1024 * 1024;
    private const int MaxFields = 1000;
    private const int MaxBoundaryLength = 128;

    /// <summary>Whether the request has such a form.</summary>
    public static bool IsIn(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <returns>The fields as an object, and the file; null when there was none.</returns>
    /// <exception cref="ApiException">The form can't be read: 400; it has what Evolution does not take: 500.</exception>
    public async Task<(JsonElement Body, Upload? File)> ReadAsync(HttpContext context)
    {
        // The file's own bound is checked while it is written.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(context.Request.ContentType).Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundaryLength)
            throw ApiException.Unreadable(400, "Multipart: Boundary not found");
        try
        {
            return await ReadAsync(context, new MultipartReader(boundary, context.Request.Body));
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException || (e is IOException and not MediaFolderException && !context.RequestAborted.IsCancellationRequested))
        {
            throw ApiException.Unreadable(400, e.Message);
        }
        catch (MediaException e)
        {
            throw ApiException.Internal(e.Message);
        }
    }

    private async Task<(JsonElement Body, Upload? File)> ReadAsync(HttpContext context, MultipartReader reader)
    {
        var fields = new List<KeyValuePair<string, string>>();
        Upload? file = null;
        while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.DispositionType.Equals("form-data"))
                continue;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            if (!disposition.IsFileDisposition())
            {
                if (fields.Count == MaxFields)
                    throw ApiException.Internal("Too many fields");
                fields.Add(KeyValuePair.Create(name, await ReadTextAsync(section.Body, context.RequestAborted)));
                continue;
            }

            if (name != FilePart || file is not null)
                throw ApiException.Internal("Unexpected field");
            var stored = await store.AddAsync(section.Body, options.MaxBytes, context.RequestAborted);
            file = new Upload(stored, FileNameOf(disposition), section.ContentType?.Split(';')[0].Trim());
        }

        return (FormBody.ToObject(context, fields), file);
    }

    private static string? FileNameOf(ContentDispositionHeaderValue disposition)
    {
        var given = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : HeaderUtilities.RemoveQuotes(disposition.FileName).Value;
        var name = Path.GetFileName(given);
        return string.IsNullOrWhiteSpace(name) ? null : name;
    }

    private static async Task<string> ReadTextAsync(Stream body, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var piece = new byte[4096];
        int read;
        while ((read = await body.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (text.Length + read > MaxTextBytes)
                throw ApiException.Internal("Field value too long");
            text.Write(piece, 0, read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
