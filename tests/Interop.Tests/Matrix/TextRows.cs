using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Texts, with what they can carry.</summary>
internal static class TextRows
{
    private const string Link = "https://example.com/tea";
    private const uint Day = 86_400;
    private static readonly byte[] s_thumbnail = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 0xFF, 0xD9];

    public static IReadOnlyList<MatrixRow> All { get; } =
    [
        new("text")
        {
            Content = _ => Text("olá, 世界 👋"),
            Product = at => To(at, new OutgoingText("olá, 世界 👋", Preview: null)),
            Baileys = _ => new(new { text = "olá, 世界 👋" }),
            NotAt = Places.InChatsBut("status text"),
            InGate = true,
        },
        new("text that quotes")
        {
            After = Earlier.OthersText,
            Content = at => Text("an answer", new ContextInfo { StanzaId = at.Earlier.Id, Participant = at.Reader.ToString(), QuotedMessage = Quoted(at) }),
            Product = at => To(at, new OutgoingText("an answer", Preview: null)),
            Beside = Quoting,
            Baileys = _ => new BaileysContent(new { text = "an answer" }) { QuotesEarlier = true },
            NotAt = Places.InChats,
        },
        new("text with a mention")
        {
            Content = at => Text("look, @you", new ContextInfo { MentionedJid = { at.Reader.ToString() } }),
            Product = at => To(at, new OutgoingText("look, @you", Preview: null)) with { Mentioned = [at.Reader] },
            Baileys = at => new(new { text = "look, @you", mentions = (string[])[at.Reader.ToString()] }),
            NotAt = Places.InChats,
        },
        new("link preview")
        {
            Content = _ => new Message
            {
                ExtendedTextMessage = new()
                {
                    Text = $"see {Link}", MatchedText = Link, Title = "Tea", Description = "All about it",
                    JpegThumbnail = ByteString.CopyFrom(s_thumbnail), PreviewType = Message.Types.ExtendedTextMessage.Types.PreviewType.None,
                },
            },
            Product = at => To(at, new OutgoingText($"see {Link}", new LinkPreview(Link, "Tea", "All about it") { Thumbnail = s_thumbnail })),
            Baileys = _ => new(new
            {
                text = $"see {Link}",
                linkPreview = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["matched-text"] = Link, ["canonical-url"] = Link, ["title"] = "Tea", ["description"] = "All about it", ["jpegThumbnail"] = DriverJson.Bytes(s_thumbnail),
                },
            }),
            NotAt = Places.InChats,
        },
        new("text that disappears")
        {
            Content = _ => Text("gone tomorrow", new ContextInfo { Expiration = Day }),
            Product = at => To(at, new OutgoingText("gone tomorrow", Preview: null)) with { Expiration = Day },
            Baileys = _ => new(new { text = "gone tomorrow" }, new { ephemeralExpiration = Day }),
            NotAt = Places.InChats,
        },
        new("text that disappears, wrapped")
        {
            Content = _ => new Message { EphemeralMessage = new() { Message = Text("gone tomorrow", new ContextInfo { Expiration = Day }) } },
            NotAt = Places.InChats,
        },
        new("status text")
        {
            Content = _ => new Message
            {
                ExtendedTextMessage = new()
                {
                    Text = "what a day", BackgroundArgb = 0xFF25D366, Font = Message.Types.ExtendedTextMessage.Types.FontType.SystemText,
                },
            },
            Product = at => To(at, new OutgoingText("what a day", Preview: null) { Look = new StatusLook(0xFF25D366, 1) }),
            Baileys = _ => new(new { text = "what a day" }, new { backgroundColor = "#25D366", font = 1 }),
            NotAt = Places.InStatuses,
            InGate = true,
        },
    ];

    /// <summary>A request of the gateway.</summary>
    public static OutgoingMessage To(CellContext at, OutgoingContent content) => new() { To = at.Chat, Content = content, StatusReaders = at.StatusReaders };

    /// <summary>Makes a request an answer to the earlier message, which is the reader's.</summary>
    public static OutgoingMessage Quoting(OutgoingMessage message, CellContext at) => message with
    {
        Quoted = new QuotedMessage(at.Earlier.Id, null, at.Place == Place.Group ? at.Reader : null, FromMe: false, at.Earlier.Content.ToByteArray()),
    };

    private static Message Text(string text, ContextInfo? context = null) => new() { ExtendedTextMessage = new() { Text = text, ContextInfo = context } };

    private static Message Quoted(CellContext at)
    {
        var quoted = at.Earlier.Content.Clone();
        quoted.MessageContextInfo = null;
        quoted.SenderKeyDistributionMessage = null;
        return quoted;
    }
}
