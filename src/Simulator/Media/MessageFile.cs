using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Simulator.Media;

/// <summary>What a message says of its file.</summary>
/// <param name="Kind">As the control API calls it: image, video, ptv, audio, document or sticker.</param>
internal readonly record struct MessageFile(
    string Kind, string DirectPath, ByteString Key, ByteString Sha256, ByteString EncryptedSha256, long Length, string Mimetype)
{
    /// <summary>The file of a message, in whatever it is wrapped; null when it has none.</summary>
    public static MessageFile? Of(Message content) => content switch
    {
        { ImageMessage: { } m } => new("image", m.DirectPath, m.MediaKey, m.FileSha256, m.FileEncSha256, (long)m.FileLength, m.Mimetype),
        { VideoMessage: { } m } => new("video", m.DirectPath, m.MediaKey, m.FileSha256, m.FileEncSha256, (long)m.FileLength, m.Mimetype),
        { PtvMessage: { } m } => new("ptv", m.DirectPath, m.MediaKey, m.FileSha256, m.FileEncSha256, (long)m.FileLength, m.Mimetype),
        { AudioMessage: { } m } => new("audio", m.DirectPath, m.MediaKey, m.FileSha256, m.FileEncSha256, (long)m.FileLength, m.Mimetype),
        { DocumentMessage: { } m } => new("document", m.DirectPath, m.MediaKey, m.FileSha256, m.FileEncSha256, (long)m.FileLength, m.Mimetype),
        { StickerMessage: { } m } => new("sticker", m.DirectPath, m.MediaKey, m.FileSha256, m.FileEncSha256, (long)m.FileLength, m.Mimetype),
        { ViewOnceMessage.Message: { } inner } => Of(inner),
        { ViewOnceMessageV2.Message: { } inner } => Of(inner),
        { ViewOnceMessageV2Extension.Message: { } inner } => Of(inner),
        { EphemeralMessage.Message: { } inner } => Of(inner),
        { DocumentWithCaptionMessage.Message: { } inner } => Of(inner),
        _ => null,
    };
}
