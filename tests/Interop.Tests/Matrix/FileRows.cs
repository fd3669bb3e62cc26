using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Files.</summary>
internal static class FileRows
{
    private static readonly byte[] s_thumbnail = [0xFF, 0xD8, 0xFF, 0xE0, 4, 5, 6, 0xFF, 0xD9];
    private static readonly byte[] s_waveform = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 100 / 63))];

    private static readonly SampleFile s_image = new(OutgoingMediaKind.Image, "image/jpeg") { Caption = "a picture", Width = 640, Height = 480, Thumbnail = s_thumbnail };
    private static readonly SampleFile s_video = new(OutgoingMediaKind.Video, "video/mp4") { Caption = "a film", Width = 320, Height = 240, Seconds = 3, Thumbnail = s_thumbnail };
    private static readonly SampleFile s_document = new(OutgoingMediaKind.Document, "application/pdf") { FileName = "report.pdf" };

    public static IReadOnlyList<MatrixRow> All { get; } =
    [
        Of("image", s_image, inStatus: true) with { InGate = true },
        Of("video", s_video, inStatus: true),
        Of("gif", s_video with { Caption = "a short film", IsGif = true }) with { IsSentFile = false },
        Of("video note", new SampleFile(OutgoingMediaKind.VideoNote, "video/mp4") { Seconds = 4 }) with
        {
            Drops = Dropped(["ptvMessage.seconds"], PeerKind.Rc14, PeerKind.Rc6),
        },
        Of("voice note", new SampleFile(OutgoingMediaKind.Voice, "audio/ogg; codecs=opus") { Seconds = 5, Waveform = s_waveform }, inStatus: true) with
        {
            Drops = Dropped(["audioMessage.waveform"], PeerKind.Rc6),
        },
        Of("audio", new SampleFile(OutgoingMediaKind.Audio, "audio/mpeg") { Seconds = 6 }),
        Of("document", s_document),
        Of("document with caption", s_document with { Caption = "the report" }),
        Of("document with caption, wrapped", s_document with { Caption = "the report" }) with
        {
            Content = _ => new Message { DocumentWithCaptionMessage = new() { Message = (s_document with { Caption = "the report" }).Content() } },
            IsSentFile = false,
            Baileys = null,
        },
        Of("sticker", new SampleFile(OutgoingMediaKind.Sticker, "image/webp") { Width = 512, Height = 512 }),
        Of("animated sticker", new SampleFile(OutgoingMediaKind.Sticker, "image/webp") { Width = 512, Height = 512, IsAnimated = true }),
        ViewOnce("view-once image", image => new Message { ViewOnceMessage = new() { Message = image } }) with
        {
            Baileys = _ => new(new Dictionary<string, object>(s_image.BaileysContent()) { ["viewOnce"] = true }),
        },
        ViewOnce("view-once image, version 2", image => new Message { ViewOnceMessageV2 = new() { Message = image } }),
    ];

    private static MatrixRow Of(string name, SampleFile file, bool inStatus = false) => new(name)
    {
        File = file,
        IsSentFile = true,
        Content = _ => file.Content(),
        Baileys = _ => new(file.BaileysContent()),
        NotAt = inStatus ? new Dictionary<Place, LeftOut>() : Places.InChats,
    };

    private static MatrixRow ViewOnce(string name, Func<Message, Message> wrap) => new(name)
    {
        File = s_image,
        Content = _ =>
        {
            var image = s_image.Content();
            image.ImageMessage.ViewOnce = true;
            return wrap(image);
        },
        NotAt = Places.InChats,
    };

    private static Dictionary<PeerKind, string[]> Dropped(string[] paths, params PeerKind[] peers) => peers.ToDictionary(peer => peer, _ => paths);
}
