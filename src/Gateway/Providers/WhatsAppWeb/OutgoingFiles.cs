using Evolution.Client.Media;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Evolution.Protocol.Media;
using Google.Protobuf;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Builds the contents that carry an uploaded file, as WhatsApp Web does (Baileys: src/Utils/messages.ts, prepareWAMessageMedia).</summary>
internal static class OutgoingFiles
{
    /// <summary>With which keys and to which path a file is uploaded.</summary>
    public static MediaKind UploadKindOf(OutgoingMediaKind kind) => kind switch
    {
        OutgoingMediaKind.Image or OutgoingMediaKind.Sticker => MediaKind.Image,
        OutgoingMediaKind.Video or OutgoingMediaKind.VideoNote => MediaKind.Video,
        OutgoingMediaKind.Audio or OutgoingMediaKind.Voice => MediaKind.Audio,
        _ => MediaKind.Document,
    };

    public static Message Of(OutgoingMedia media, MediaReference uploaded, ContextInfo? context, DateTimeOffset now) => media.Kind switch
    {
        OutgoingMediaKind.Image => new Message { ImageMessage = Image(media, uploaded, context, now) },
        OutgoingMediaKind.Video => new Message { VideoMessage = Video(media, uploaded, context, now) },
        OutgoingMediaKind.VideoNote => new Message { PtvMessage = Video(media, uploaded, context, now) },
        OutgoingMediaKind.Audio or OutgoingMediaKind.Voice => new Message { AudioMessage = Audio(media, uploaded, context, now) },
        OutgoingMediaKind.Sticker => new Message { StickerMessage = Sticker(media, uploaded, context, now) },
        _ => new Message { DocumentMessage = Document(media, uploaded, context, now) },
    };

    private static Message.Types.ImageMessage Image(OutgoingMedia media, MediaReference uploaded, ContextInfo? context, DateTimeOffset now)
    {
        var image = new Message.Types.ImageMessage { ContextInfo = context };
        Describe(image, media, uploaded, now);
        return image;
    }

    private static Message.Types.VideoMessage Video(OutgoingMedia media, MediaReference uploaded, ContextInfo? context, DateTimeOffset now)
    {
        var video = new Message.Types.VideoMessage { ContextInfo = context };
        if (media.Kind == OutgoingMediaKind.Video)
            video.GifPlayback = false;
        Describe(video, media, uploaded, now);
        return video;
    }

    private static Message.Types.AudioMessage Audio(OutgoingMedia media, MediaReference uploaded, ContextInfo? context, DateTimeOffset now)
    {
        var audio = new Message.Types.AudioMessage { ContextInfo = context, Ptt = media.Kind == OutgoingMediaKind.Voice };
        Describe(audio, media, uploaded, now);
        return audio;
    }

    private static Message.Types.DocumentMessage Document(OutgoingMedia media, MediaReference uploaded, ContextInfo? context, DateTimeOffset now)
    {
        var document = new Message.Types.DocumentMessage { ContextInfo = context };
        Describe(document, media, uploaded, now);
        return document;
    }

    private static Message.Types.StickerMessage Sticker(OutgoingMedia media, MediaReference uploaded, ContextInfo? context, DateTimeOffset now)
    {
        var sticker = new Message.Types.StickerMessage { ContextInfo = context, IsAnimated = media.IsAnimated };
        Describe(sticker, media, uploaded, now);
        return sticker;
    }

    // The five contents share no type, but the names of their fields.
    private static void Describe(IMessage content, OutgoingMedia media, MediaReference uploaded, DateTimeOffset now)
    {
        Set(content, "url", uploaded.Url);
        Set(content, "directPath", uploaded.DirectPath);
        Set(content, "mediaKey", ByteString.CopyFrom(uploaded.Key.Span));
        Set(content, "fileSha256", ByteString.CopyFrom(uploaded.Sha256.Span));
        Set(content, "fileEncSha256", ByteString.CopyFrom(uploaded.EncryptedSha256.Span));
        Set(content, "fileLength", (ulong)media.File.Length);
        Set(content, "mediaKeyTimestamp", now.ToUnixTimeSeconds());
        Set(content, "mimetype", media.Mimetype);
        Set(content, "fileName", media.FileName);
        Set(content, "caption", media.Caption);
        Set(content, "width", (uint?)media.Width);
        Set(content, "height", (uint?)media.Height);
        Set(content, "seconds", (uint?)media.Seconds);
        Set(content, "jpegThumbnail", media.Thumbnail is null ? null : ByteString.CopyFrom(media.Thumbnail));
        Set(content, "waveform", media.Waveform is null ? null : ByteString.CopyFrom(media.Waveform));
    }

    private static void Set(IMessage content, string field, object? value)
    {
        if (value is not null)
            content.Descriptor.FindFieldByName(field)?.Accessor.SetValue(content, value);
    }
}
