using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Simulator.Media;
using Evolution.Simulator.Store;
using Google.Protobuf;

namespace Evolution.Simulator.ControlApi.Content;

/// <summary>Messages with a file: encrypted, kept on the media host, described.</summary>
internal sealed class MediaContent(SimulatedWorld world)
{
    private const long MaxSize = 100L << 20;

    public Message Build(ControlBody body, string kind, Writes writes)
    {
        var fields = body.RequiredObject(kind, "base64", "size", "mimetype", "caption", "fileName", "ptt", "seconds", "width", "height", "gif");
        if (fields.Has("base64") == fields.Has("size"))
            throw ControlException.Bad($"{kind} needs either base64 or size.");
        var bytes = fields.Base64("base64") ?? RandomNumberGenerator.GetBytes((int)fields.Whole("size", 1, MaxSize)!.Value);
        if (bytes.Length is 0 or > (int)MaxSize)
            throw ControlException.Bad($"{kind} must have 1 to {MaxSize} bytes.");
        var mimetype = fields.RequiredText("mimetype", 256);
        var caption = fields.Text("caption");
        var seconds = (uint?)fields.Whole("seconds", 0, 86_400);
        var width = (uint?)fields.Whole("width", 1, 65_535);
        var height = (uint?)fields.Whole("height", 1, 65_535);
        if (caption is not null && kind is ("audio" or "sticker"))
            throw ControlException.Bad($"{kind} can have no caption.");

        var file = MediaFile.Encrypt(bytes, ReceivedMedia.KeyKind(kind));
        var path = world.Media.Keep(writes, file.Encrypted);
        IMessage content = kind switch
        {
            "image" => new Message.Types.ImageMessage(),
            "video" or "ptv" => new Message.Types.VideoMessage(),
            "audio" => new Message.Types.AudioMessage(),
            "document" => new Message.Types.DocumentMessage(),
            _ => new Message.Types.StickerMessage(),
        };
        Set(content, "url", $"https://{world.MediaHostName}{path}&mms3=true");
        Set(content, "directPath", path);
        Set(content, "mimetype", mimetype);
        Set(content, "fileSha256", ByteString.CopyFrom(file.Sha256));
        Set(content, "fileEncSha256", ByteString.CopyFrom(file.EncryptedSha256));
        Set(content, "fileLength", (ulong)file.Length);
        Set(content, "mediaKey", ByteString.CopyFrom(file.Key));
        Set(content, "mediaKeyTimestamp", world.UnixNow());
        Set(content, "caption", caption);
        SetWhenKnown(content, fields, "seconds", seconds);
        SetWhenKnown(content, fields, "width", width);
        SetWhenKnown(content, fields, "height", height);
        SetWhenKnown(content, fields, "fileName", fields.Text("fileName", 1024));
        SetWhenKnown(content, fields, "ptt", fields.Has("ptt") ? fields.Flag("ptt") : null);
        if (fields.Flag("gif"))
            SetWhenKnown(content, fields, "gifPlayback", true, "gif");
        return content switch
        {
            Message.Types.ImageMessage image => new Message { ImageMessage = image },
            Message.Types.VideoMessage video when kind == "ptv" => new Message { PtvMessage = video },
            Message.Types.VideoMessage video => new Message { VideoMessage = video },
            Message.Types.AudioMessage audio => new Message { AudioMessage = audio },
            Message.Types.DocumentMessage document => new Message { DocumentMessage = document },
            Message.Types.StickerMessage sticker => new Message { StickerMessage = sticker },
            _ => throw new InvalidOperationException("Not a media message: " + content.Descriptor.Name),
        };
    }

    private static void Set(IMessage content, string field, object? value)
    {
        if (value is not null)
            content.Descriptor.FindFieldByName(field).Accessor.SetValue(content, value);
    }

    private static void SetWhenKnown(IMessage content, ControlBody fields, string field, object? value, string? given = null)
    {
        if (value is null)
            return;
        if (content.Descriptor.FindFieldByName(field) is null)
            throw ControlException.Bad($"{fields.PathOf(given ?? field)} means nothing for this kind of file.");
        Set(content, field, value);
    }
}
