using Evolution.Gateway.Media;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary>Makes of a file what is sent: looks at it, converts it where phones need that, and finds out what to tell of it.</summary>
internal sealed class MediaContents(MediaStore store, MediaOptions options, Pictures pictures, Recordings recordings)
{
    private const string Jpeg = "image/jpeg";
    private const string WebP = "image/webp";
    private const string Mp3 = "audio/mpeg";

    private const string NeedsFfmpeg =
        "Only Ogg/Opus can be sent as a voice note here, for ffmpeg is not installed: install it on the server (Debian and Ubuntu: apt-get install ffmpeg), "
        + "convert the audio before (ffmpeg -i in -c:a libopus -ac 1 out.ogg), or send it as audio by sendMedia";

    /// <summary>A picture. A JPEG stays as it is, and what can be told of it is told; anything else becomes one.</summary>
    /// <exception cref="MediaException">It is neither a JPEG nor a picture that can be read.</exception>
    public async Task<OutgoingMedia> ImageAsync(MediaInput input, CancellationToken cancellationToken)
    {
        var file = input.File!;
        if (await SniffAsync(file, cancellationToken) != Jpeg)
        {
            using var converted = new MemoryStream(await pictures.ToJpegAsync(file, cancellationToken), writable: false);
            file = await store.AddAsync(converted, options.MaxBytes, cancellationToken);
        }

        // Phones read JPEGs that the library here doesn't: one that it can't look at goes out all the same.
        var info = await pictures.LookAtAsync(file, cancellationToken);
        return new OutgoingMedia(OutgoingMediaKind.Image, file, Jpeg) { Width = info?.Width, Height = info?.Height, Thumbnail = info?.Thumbnail };
    }

    /// <summary>A document, which is sent as it is.</summary>
    /// <param name="name">The name that the request gives it; null for none.</param>
    /// <param name="mimetype">The MIME type that the request gives it; null for none. What the name says wins.</param>
    public static async Task<OutgoingMedia> DocumentAsync(MediaInput input, string? name, string? mimetype, CancellationToken cancellationToken)
    {
        name ??= NameOf(input);
        var type = await TypeAsync(input, name, mimetype, "application/octet-stream", cancellationToken);
        return new OutgoingMedia(OutgoingMediaKind.Document, input.File!, type) { FileName = name ?? $"document.{FileTypes.ExtensionOf(type)}" };
    }

    /// <summary>A video, which is sent as it is; what ffmpeg can tell of it is told.</summary>
    /// <inheritdoc cref="DocumentAsync"/>
    public async Task<OutgoingMedia> VideoAsync(OutgoingMediaKind kind, MediaInput input, string? name, string? mimetype, CancellationToken cancellationToken)
    {
        var file = input.File!;
        var type = await TypeAsync(input, name ?? NameOf(input), mimetype, "video/mp4", cancellationToken);
        var info = await recordings.LookAtAsync(file, cancellationToken);
        return new OutgoingMedia(kind, file, type)
        {
            Seconds = info?.Seconds,
            Width = info?.Picture?.Width,
            Height = info?.Picture?.Height,
            Thumbnail = info?.Picture is null ? null : await recordings.ThumbnailAsync(file, cancellationToken),
        };
    }

    /// <summary>Music and the like. What phones play is sent as it is, under its own type; ffmpeg makes an MP3 of other sound.</summary>
    /// <inheritdoc cref="DocumentAsync"/>
    public async Task<OutgoingMedia> AudioAsync(MediaInput input, string? name, string? mimetype, CancellationToken cancellationToken)
    {
        var file = input.File!;
        var type = await TypeAsync(input, name ?? NameOf(input), mimetype, Mp3, cancellationToken);
        if (await recordings.LookAtAsync(file, cancellationToken) is not { AudioCodec: not null } info)
            return new OutgoingMedia(OutgoingMediaKind.Audio, file, type);
        if (info.PlayableAudio is not { } actual)
        {
            var made = await recordings.ToMp3Async(file, cancellationToken);
            // What a browser records doesn't say how long it is.
            return new OutgoingMedia(OutgoingMediaKind.Audio, made, Mp3) { Seconds = info.Seconds ?? (await recordings.LookAtAsync(made, cancellationToken))?.Seconds };
        }

        // Some callers say audio/mpeg of everything, and a phone believes the type.
        return new OutgoingMedia(OutgoingMediaKind.Audio, file, IsSame(type, actual) ? type : actual) { Seconds = info.Seconds };
    }

    /// <summary>A voice note. Ogg/Opus with one channel stays as it is; so does anything where the caller vouches for it. Other sound is converted.</summary>
    /// <exception cref="MediaException">It can't be converted.</exception>
    public async Task<OutgoingMedia> VoiceAsync(MediaInput input, bool isReady, CancellationToken cancellationToken)
    {
        var file = input.File!;
        var opus = await OggOpus.LookAtAsync(file, cancellationToken);
        if (isReady && opus is null)
        {
            var info = await recordings.LookAtAsync(file, cancellationToken);
            return Voice(file, info?.Seconds, info?.AudioCodec is null ? null : await recordings.WaveformAsync(file, cancellationToken));
        }

        if (opus is null && !recordings.CanConvert)
            throw new MediaException(NeedsFfmpeg) { IsFinal = true };
        // Two channels are played by most phones: better than nothing where they can't be made one.
        if (!isReady && opus is not { Channels: 1 } && recordings.CanConvert)
        {
            file = await recordings.ToVoiceAsync(file, IsRawPcm(input), cancellationToken);
            opus = await OggOpus.LookAtAsync(file, cancellationToken);
            if (opus is not { Seconds: > 0 })
                throw new MediaException("The file can't be converted: ffmpeg finds no sound in it") { IsFinal = true };
        }

        return Voice(file, opus!.Value.Seconds, await recordings.WaveformAsync(file, cancellationToken));
    }

    /// <summary>A sticker. WebP stays as it is, and so does what the caller vouches for; other pictures become one.</summary>
    /// <exception cref="MediaException">It is no picture.</exception>
    public async Task<OutgoingMedia> StickerAsync(MediaInput input, bool isReady, CancellationToken cancellationToken)
    {
        var file = input.File!;
        if (isReady)
        {
            var told = await pictures.LookAtAsync(file, cancellationToken);
            return new OutgoingMedia(OutgoingMediaKind.Sticker, file, WebP) { Width = told?.Width, Height = told?.Height, IsAnimated = told?.IsAnimated ?? false };
        }

        if (await SniffAsync(file, cancellationToken) != WebP)
        {
            using var converted = new MemoryStream(await pictures.ToStickerAsync(file, cancellationToken), writable: false);
            file = await store.AddAsync(converted, options.MaxBytes, cancellationToken);
        }

        var info = await pictures.LookAtAsync(file, cancellationToken) ?? throw Pictures.Unreadable(null);
        return new OutgoingMedia(OutgoingMediaKind.Sticker, file, WebP) { Width = info.Width, Height = info.Height, IsAnimated = info.IsAnimated };
    }

    private static OutgoingMedia Voice(StoredMedia file, int? seconds, byte[]? waveform) =>
        new(OutgoingMediaKind.Voice, file, OggOpus.Mimetype) { Seconds = seconds, Waveform = waveform };

    // What some speech engines give: samples without a word about them.
    private static bool IsRawPcm(MediaInput input) =>
        input.Address is { } address && address.AbsolutePath.EndsWith(".lpcm", StringComparison.OrdinalIgnoreCase);

    // As Evolution names what it fetches: up to the first dot.
    private static string? NameOf(MediaInput input) =>
        input.Address is null ? input.FileName : input.FileName?.Split('.')[0] is { Length: > 0 } name ? name : null;

    private static async Task<string> TypeAsync(MediaInput input, string? name, string? mimetype, string @default, CancellationToken cancellationToken) =>
        FileTypes.OfName(name)
        ?? mimetype
        ?? Telling(input.Mimetype)
        ?? FileTypes.OfName(input.FileName)
        ?? await SniffAsync(input.File!, cancellationToken)
        ?? @default;

    // Servers say this of whatever they don't know.
    private static string? Telling(string? mimetype) => mimetype is null or "application/octet-stream" or "binary/octet-stream" ? null : mimetype;

    private static bool IsSame(string type, string other) =>
        string.Equals(type.Split(';')[0].Trim(), other.Split(';')[0], StringComparison.OrdinalIgnoreCase);

    private static async Task<string?> SniffAsync(StoredMedia file, CancellationToken cancellationToken)
    {
        var start = new byte[FileTypes.SniffLength];
        await using var stream = file.Open();
        var length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return FileTypes.Sniff(start.AsSpan(0, length));
    }
}
