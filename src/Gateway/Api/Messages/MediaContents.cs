using Evolution.Gateway.Media;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary>Makes of a file what is sent: looks at it, converts it where phones need that, and finds out what to tell of it.</summary>
internal sealed class MediaContents(MediaStore store, MediaOptions options, Pictures pictures)
{
    private const string Jpeg = "image/jpeg";
    private const string WebP = "image/webp";

    /// <summary>A picture. A JPEG stays as it is; anything else becomes one.</summary>
    /// <exception cref="MediaException">It is no picture.</exception>
    public async Task<OutgoingMedia> ImageAsync(MediaInput input, CancellationToken cancellationToken)
    {
        var file = input.File!;
        if (await SniffAsync(file, cancellationToken) != Jpeg)
        {
            using var converted = new MemoryStream(await pictures.ToJpegAsync(file, cancellationToken), writable: false);
            file = await store.AddAsync(converted, options.MaxBytes, cancellationToken);
        }

        var info = await pictures.LookAtAsync(file, cancellationToken);
        return new OutgoingMedia(OutgoingMediaKind.Image, file, Jpeg) { Width = info?.Width, Height = info?.Height, Thumbnail = info?.Thumbnail };
    }

    /// <summary>A file that is sent as it is: a document, a video or music.</summary>
    /// <param name="name">The name that the request gives it; null for none.</param>
    /// <param name="mimetype">The MIME type that the request gives it; null for none. What the name says wins.</param>
    public static async Task<OutgoingMedia> FileAsync(OutgoingMediaKind kind, MediaInput input, string? name, string? mimetype, CancellationToken cancellationToken)
    {
        var file = input.File!;
        name ??= input.Address is null ? input.FileName : NameOf(input.FileName);
        var type = FileTypes.OfName(name)
            ?? mimetype
            ?? Telling(input.Mimetype)
            ?? FileTypes.OfName(input.FileName)
            ?? await SniffAsync(file, cancellationToken)
            ?? DefaultOf(kind);
        return new OutgoingMedia(kind, file, type)
        {
            FileName = kind == OutgoingMediaKind.Document ? name ?? $"document.{FileTypes.ExtensionOf(type)}" : null,
        };
    }

    /// <summary>A voice note. What is Ogg/Opus stays as it is; so does anything else where the caller vouches for it.</summary>
    /// <exception cref="ApiException">400: it would have to be converted.</exception>
    public static async Task<OutgoingMedia> VoiceAsync(MediaInput input, bool isReady, CancellationToken cancellationToken)
    {
        var file = input.File!;
        var seconds = await OggOpus.SecondsAsync(file, cancellationToken);
        if (seconds is null && !isReady)
            throw ApiException.BadRequest("Only Ogg/Opus audio can be sent as a voice note so far; convert it first (ffmpeg -i in -c:a libopus -ac 1 out.ogg), or send it as audio by sendMedia");
        return new OutgoingMedia(OutgoingMediaKind.Voice, file, OggOpus.Mimetype) { Seconds = seconds };
    }

    /// <summary>A sticker. WebP stays as it is; other pictures become one.</summary>
    /// <exception cref="MediaException">It is no picture.</exception>
    public async Task<OutgoingMedia> StickerAsync(MediaInput input, CancellationToken cancellationToken)
    {
        var file = input.File!;
        if (await SniffAsync(file, cancellationToken) != WebP)
        {
            using var converted = new MemoryStream(await pictures.ToStickerAsync(file, cancellationToken), writable: false);
            file = await store.AddAsync(converted, options.MaxBytes, cancellationToken);
        }

        var info = await pictures.LookAtAsync(file, cancellationToken) ?? throw new MediaException("The picture can't be read");
        return new OutgoingMedia(OutgoingMediaKind.Sticker, file, WebP) { Width = info.Width, Height = info.Height, IsAnimated = info.IsAnimated };
    }

    // As Evolution names what it fetches: up to the first dot.
    private static string? NameOf(string? fileName) => fileName?.Split('.')[0] is { Length: > 0 } name ? name : null;

    // Servers say this of whatever they don't know.
    private static string? Telling(string? mimetype) => mimetype is null or "application/octet-stream" or "binary/octet-stream" ? null : mimetype;

    private static string DefaultOf(OutgoingMediaKind kind) => kind switch
    {
        OutgoingMediaKind.Video or OutgoingMediaKind.VideoNote => "video/mp4",
        OutgoingMediaKind.Audio => "audio/mpeg",
        _ => "application/octet-stream",
    };

    private static async Task<string?> SniffAsync(StoredMedia file, CancellationToken cancellationToken)
    {
        var start = new byte[FileTypes.SniffLength];
        await using var stream = file.Open();
        var length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return FileTypes.Sniff(start.AsSpan(0, length));
    }
}
