using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Client.Media;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>A file to send and what is told of it. Its bytes are random, made once a run.</summary>
internal sealed record SampleFile(OutgoingMediaKind Kind, string Mimetype)
{
    private const int Size = 20_000;

    public string? Caption { get; init; }

    public string? FileName { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public int? Seconds { get; init; }

    public byte[]? Thumbnail { get; init; }

    public byte[]? Waveform { get; init; }

    public bool IsAnimated { get; init; }

    /// <summary>Whether a video plays as a GIF does.</summary>
    public bool IsGif { get; init; }

    public byte[] Bytes { get; } = RandomNumberGenerator.GetBytes(Size);

    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>The member of <c>Message</c> that carries it.</summary>
    public string Field => Kind switch
    {
        OutgoingMediaKind.Image => "imageMessage",
        OutgoingMediaKind.Video => "videoMessage",
        OutgoingMediaKind.VideoNote => "ptvMessage",
        OutgoingMediaKind.Audio or OutgoingMediaKind.Voice => "audioMessage",
        OutgoingMediaKind.Sticker => "stickerMessage",
        _ => "documentMessage",
    };

    /// <summary>What clients call the kind of file; it decides over its keys and where it is uploaded.</summary>
    public string ApiName => Kind switch
    {
        OutgoingMediaKind.Image => "image",
        OutgoingMediaKind.Video or OutgoingMediaKind.VideoNote => "video",
        OutgoingMediaKind.Audio or OutgoingMediaKind.Voice => "audio",
        OutgoingMediaKind.Sticker => "sticker",
        _ => "document",
    };

    /// <summary>The content that says all but where the file lies.</summary>
    public Message Content()
    {
        var fields = Told(bytes => Convert.ToBase64String(bytes));
        fields["fileSha256"] = Convert.ToBase64String(SHA256.HashData(Bytes));
        fields["fileLength"] = Size;
        return Message.Parser.ParseJson(new JsonObject { [Field] = fields }.ToJsonString());
    }

    /// <summary>The content as Baileys takes it.</summary>
    public Dictionary<string, object> BaileysContent()
    {
        var content = new Dictionary<string, object>(StringComparer.Ordinal) { [ApiName] = DriverJson.Bytes(Bytes) };
        foreach (var (name, value) in Told(bytes => JsonNode.Parse($$"""{"$bytes":"{{Convert.ToBase64String(bytes)}}"}""")!))
            content[name] = value!;
        if (Kind == OutgoingMediaKind.VideoNote)
            content["ptv"] = true;
        return content;
    }

    /// <summary>The file as the gateway has it before it is sent.</summary>
    /// <param name="path">Where the bytes were written.</param>
    public OutgoingMedia Outgoing(string path) => new(Kind, new StoredMedia(SHA256.HashData(Bytes), path, Size), Mimetype)
    {
        Caption = Caption,
        FileName = FileName,
        Width = Width,
        Height = Height,
        Seconds = Seconds,
        Thumbnail = Thumbnail,
        Waveform = Waveform,
        IsAnimated = IsAnimated,
    };

    /// <summary>Says in a content, in whatever it is wrapped, where the file lies.</summary>
    public void Fill(Message message, MediaReference uploaded)
    {
        var inner = message;
        while ((inner.EphemeralMessage ?? inner.ViewOnceMessage ?? inner.ViewOnceMessageV2 ?? inner.DocumentWithCaptionMessage)?.Message is { } wrapped)
            inner = wrapped;
        var content = (IMessage)Message.Descriptor.FindFieldByName(Field).Accessor.GetValue(inner);
        Set("url", uploaded.Url);
        Set("directPath", uploaded.DirectPath);
        Set("mediaKey", ByteString.CopyFrom(uploaded.Key.Span));
        Set("fileEncSha256", ByteString.CopyFrom(uploaded.EncryptedSha256.Span));
        Set("mediaKeyTimestamp", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

        void Set(string field, object? value)
        {
            if (value is not null)
                content.Descriptor.FindFieldByName(field).Accessor.SetValue(content, value);
        }
    }

    private JsonObject Told(Func<byte[], JsonNode?> bytes)
    {
        var fields = new JsonObject { ["mimetype"] = Mimetype };
        Add("caption", Caption);
        Add("fileName", FileName);
        Add("width", Width);
        Add("height", Height);
        Add("seconds", Seconds);
        Add("jpegThumbnail", Thumbnail is null ? null : bytes(Thumbnail));
        Add("waveform", Waveform is null ? null : bytes(Waveform));
        Add("isAnimated", IsAnimated ? true : null);
        // Evolution says of each video whether it plays as a GIF.
        Add("gifPlayback", Kind == OutgoingMediaKind.Video ? IsGif : null);
        Add("ptt", Kind == OutgoingMediaKind.Voice ? true : null);
        return fields;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
                fields[name] = value;
        }
    }
}
