using Evolution.Client.Messages;
using Evolution.Protocol.Media;

namespace Evolution.Client.Media;

/// <summary>Uploads and downloads the files of messages, in constant memory however large they are.</summary>
public sealed class MediaFiles
{
    /// <summary>The largest file that WhatsApp carries: 2 GiB.</summary>
    public const long MaxBytes = 2L << 30;

    private readonly MessagingContext context;
    private readonly HttpClient http;
    private readonly MediaHosts hosts;
    private readonly ReuploadRequests reuploads;

    internal MediaFiles(MessagingContext context, HttpClient http, MediaHosts hosts, ReuploadRequests reuploads)
    {
        this.context = context;
        this.http = http;
        this.hosts = hosts;
        this.reuploads = reuploads;
    }

    /// <summary>Encrypts a file with a key of its own and uploads it.</summary>
    /// <param name="content">The plaintext, read to its end; it stays open.</param>
    /// <param name="kind">What it is.</param>
    /// <returns>All that a message must say of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Devices do not upload this kind.</exception>
    /// <exception cref="MediaTooLargeException">WhatsApp does not take files of this size.</exception>
    /// <exception cref="MediaUnreachableException">No media host took it.</exception>
    /// <exception cref="ConnectionLostException">There is no connection over which to ask for media hosts.</exception>
    /// <exception cref="TimeoutException">The server did not name them in time.</exception>
    /// <exception cref="IqException">The server refused to name them.</exception>
    public Task<MediaReference> UploadAsync(Stream content, MediaKind kind, CancellationToken ct) =>
        MediaUpload.RunAsync(http, hosts, context.Options.SpoolFolder, content, kind, context.Time, ct);

    /// <summary>Downloads a file and checks it. When the media hosts have lost or damaged it, the phone is asked to upload it again.</summary>
    /// <param name="media">The file.</param>
    /// <param name="owner">The message it belongs to; null when the phone shall not be asked.</param>
    /// <param name="maxBytes">The largest file to take.</param>
    /// <returns>The plaintext as a temporary file at its beginning; it is deleted when the stream is closed.</returns>
    /// <exception cref="MediaGoneException">Neither the media hosts nor the phone have it.</exception>
    /// <exception cref="MediaCorruptException">It is not what the message announced.</exception>
    /// <exception cref="MediaTooLargeException">It is larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="MediaUnreachableException">No media host served.</exception>
    /// <exception cref="ConnectionLostException">There is no connection over which to ask for media hosts.</exception>
    /// <exception cref="TimeoutException">The server did not name them in time.</exception>
    /// <exception cref="IqException">The server refused to name them.</exception>
    public async Task<FileStream> OpenAsync(MediaReference media, MediaOwner? owner, long maxBytes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(media);
        try
        {
            return await DownloadAsync(media, maxBytes, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (owner is not null && e is MediaGoneException or MediaCorruptException)
        {
            var again = await reuploads.AskAsync(media, owner!, ct).ConfigureAwait(false);
            return await DownloadAsync(again, maxBytes, ct).ConfigureAwait(false);
        }
    }

    private Task<FileStream> DownloadAsync(MediaReference media, long maxBytes, CancellationToken ct) =>
        MediaDownload.RunAsync(http, hosts, context.Options.SpoolFolder, media, maxBytes, context.Time, ct);
}
