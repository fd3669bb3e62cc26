using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Interop.Tests.Matrix;
using Evolution.Proto;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>What the contract's requests can say in addition to the matrix's kinds of messages: of these the matrix shows how a content is understood, here it is about how it is sent.</summary>
internal static class ComparedRows
{
    private const uint Day = 86_400;
    private const string NewCaption = "other words";

    private static readonly string[] s_quoting =
        ["image", "video", "video note", "voice note", "audio", "document", "sticker", "location", "contact", "contacts", "poll for one", "poll for several"];

    private static readonly string[] s_mentioning = ["image", "document", "location", "poll for one"];
    private static readonly string[] s_disappearing = ["image", "location"];

    public static IReadOnlyList<MatrixRow> All { get; } =
    [
        .. s_quoting.Select(name => Quoting(MatrixTable.Row(name))),
        .. s_mentioning.Select(name => Mentioning(MatrixTable.Row(name))),
        .. s_disappearing.Select(name => Disappearing(MatrixTable.Row(name))),
        CaptionEdit("edit of an image's caption", Earlier.OwnImage),
        CaptionEdit("edit of a video's caption", Earlier.OwnVideo),
        ButtonsUnderPicture(),
    ];

    private static MatrixRow Quoting(MatrixRow row) => row with
    {
        Name = $"{row.Name} that quotes",
        After = Earlier.OthersText,
        Beside = TextRows.Quoting,
        Baileys = at => Made(row, at) with { QuotesEarlier = true },
        NotAt = Places.InChats,
    };

    // The contract mentions people in groups alone.
    private static MatrixRow Mentioning(MatrixRow row) => row with
    {
        Name = $"{row.Name} with a mention",
        Beside = (message, at) => message with { Mentioned = [at.Reader] },
        Baileys = at => Made(row, at) with { Content = With(Made(row, at).Content, "mentions", new JsonArray(at.Reader.ToString())) },
        NotAt = Places.OfMentions,
    };

    private static MatrixRow Disappearing(MatrixRow row) => row with
    {
        Name = $"{row.Name} that disappears",
        Beside = (message, _) => message with { Expiration = Day },
        Baileys = at => Made(row, at) with { Options = new { ephemeralExpiration = Day } },
        NotAt = Places.InChats,
    };

    // Baileys uploads the file again, we leave it where it is.
    private static MatrixRow CaptionEdit(string name, Earlier earlier)
    {
        var file = MatrixTable.Row(earlier.RowName()).File! with { Caption = NewCaption };
        return new(name)
        {
            After = earlier,
            Content = at => new Message
            {
                ProtocolMessage = new() { Key = at.EarlierKey(), Type = Message.Types.ProtocolMessage.Types.Type.MessageEdit, EditedMessage = file.Content() },
            },
            Product = at => TextRows.To(at, new OutgoingEdit(at.Earlier.Id, NewCaption, SentMessages.Bytes(at.Earlier.Content))),
            Baileys = at => new(With(file.BaileysContent(), "edit", JsonSerializer.SerializeToNode(at.EarlierKeyJson())!)),
            NotAt = Places.InChats,
        };
    }

    private static MatrixRow ButtonsUnderPicture()
    {
        var row = MatrixTable.Row("reply buttons");
        var picture = new SampleFile(OutgoingMediaKind.Image, "image/jpeg") { Width = 640, Height = 480 };
        return row with
        {
            Name = "reply buttons under a picture",
            File = picture,
            Content = at =>
            {
                var content = row.Content(at);
                content.ViewOnceMessage.Message.InteractiveMessage.Header = new() { HasMediaAttachment = true, ImageMessage = picture.Content().ImageMessage };
                return content;
            },
        };
    }

    private static BaileysContent Made(MatrixRow row, CellContext at) => row.Baileys!(at);

    private static JsonObject With(object content, string name, JsonNode value)
    {
        var fields = JsonSerializer.SerializeToNode(content)!.AsObject();
        fields[name] = value;
        return fields;
    }
}
