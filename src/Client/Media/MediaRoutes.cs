using Evolution.Protocol.Media;

namespace Evolution.Client.Media;

/// <summary>How the media hosts call the kinds of files (Baileys Defaults/index.ts, MEDIA_PATH_MAP; whatsmeow download.go, mediaTypeToMMSType).</summary>
internal static class MediaRoutes
{
    /// <summary>Media hosts want to be asked from here.</summary>
    public const string Origin = "https://web.whatsapp.com";

    public static string UploadPath(MediaKind kind) => kind switch
    {
        MediaKind.Image => "/mms/image",
        MediaKind.Video => "/mms/video",
        MediaKind.Audio => "/mms/audio",
        MediaKind.Document => "/mms/document",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Devices do not upload this."),
    };

    public static string DownloadType(MediaKind kind) => kind switch
    {
        MediaKind.Image => "image",
        MediaKind.Video => "video",
        MediaKind.Audio => "audio",
        MediaKind.Document => "document",
        MediaKind.History => "md-msg-hist",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such file."),
    };
}
