using Evolution.Client.Messages;
using Evolution.Proto;
using Evolution.Protocol.Media;
using Google.Protobuf;

namespace Evolution.Client.Media;

/// <summary>Where an encrypted file lies, and all that is needed to fetch, check and read it.</summary>
public sealed record MediaReference
{
    /// <summary>What the file is.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Its path on the media hosts, with query.</summary>
    public required string DirectPath { get; init; }

    /// <summary>Its address on one of them; null when only the path is known.</summary>
    public string? Url { get; init; }

    /// <summary>The file's key, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Hash of the encrypted file.</summary>
    public required ReadOnlyMemory<byte> EncryptedSha256 { get; init; }

    /// <summary>Hash of the plaintext; empty when it wasn't announced.</summary>
    public ReadOnlyMemory<byte> Sha256 { get; init; }

    /// <summary>Bytes of plaintext; null when they weren't announced.</summary>
    public long? Length { get; init; }

    /// <summary>The file of a message, in whatever it is wrapped; null when it has none that could be fetched.</summary>
    public static MediaReference? Of(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return MessageContents.Unwrap(message) switch
        {
            { ImageMessage: { } m } => Of(MediaKind.Image, m.DirectPath, m.Url, m.MediaKey, m.FileEncSha256, m.FileSha256, m.HasFileLength, m.FileLength),
            { StickerMessage: { } m } => Of(MediaKind.Image, m.DirectPath, m.Url, m.MediaKey, m.FileEncSha256, m.FileSha256, m.HasFileLength, m.FileLength),
            { VideoMessage: { } m } => Of(MediaKind.Video, m.DirectPath, m.Url, m.MediaKey, m.FileEncSha256, m.FileSha256, m.HasFileLength, m.FileLength),
            { PtvMessage: { } m } => Of(MediaKind.Video, m.DirectPath, m.Url, m.MediaKey, m.FileEncSha256, m.FileSha256, m.HasFileLength, m.FileLength),
            { AudioMessage: { } m } => Of(MediaKind.Audio, m.DirectPath, m.Url, m.MediaKey, m.FileEncSha256, m.FileSha256, m.HasFileLength, m.FileLength),
            { DocumentMessage: { } m } => Of(MediaKind.Document, m.DirectPath, m.Url, m.MediaKey, m.FileEncSha256, m.FileSha256, m.HasFileLength, m.FileLength),
            _ => null,
        };
    }

    internal static MediaReference Of(Message.Types.HistorySyncNotification history) => new()
    {
        Kind = MediaKind.History,
        DirectPath = history.DirectPath,
        Key = history.MediaKey.Memory,
        EncryptedSha256 = history.FileEncSha256.Memory,
        Sha256 = history.FileSha256.Memory,
    };

    private static MediaReference? Of(
        MediaKind kind, string directPath, string url, ByteString key, ByteString encryptedSha256, ByteString sha256, bool hasLength, ulong length)
    {
        // A path that is no path would lead to another host.
        if (!directPath.StartsWith('/') || directPath.StartsWith("//", StringComparison.Ordinal) || key.Length != MediaEncryptor.KeyLength)
            return null;
        return new MediaReference
        {
            Kind = kind,
            DirectPath = directPath,
            Url = url.Length == 0 ? null : url,
            Key = key.Memory,
            EncryptedSha256 = encryptedSha256.Memory,
            Sha256 = sha256.Memory,
            Length = hasLength && length <= long.MaxValue ? (long)length : null,
        };
    }
}
