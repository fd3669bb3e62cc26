using Evolution.Proto;
using Evolution.Simulator.Store;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Type = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Simulator.ControlApi.Content;

/// <summary>What a built message is, and how its stanza must say so.</summary>
/// <param name="StanzaType">The stanza's type attribute.</param>
/// <param name="Edit">The stanza's edit attribute, if any. Source: Baileys src/Socket/messages-send.ts.</param>
internal sealed record BuiltMessage(Message Content, string StanzaType, string? Edit = null);

/// <summary>Builds the message that a request describes, as a phone would.</summary>
internal sealed class MessageBuilder(SimulatedWorld world)
{
    /// <summary>The names of the contents; a request has exactly one.</summary>
    public static readonly string[] Kinds =
    [
        "text", "extendedText", "image", "video", "ptv", "audio", "document", "sticker", "location", "liveLocation", "contact", "contacts",
        "reaction", "poll", "vote", "edit", "revoke", "buttonsReply", "listReply", "templateReply", "event", "groupInvite", "product", "raw",
    ];

    private static readonly string[] s_decorations = ["quoted", "mentions", "forwarded", "viewOnce", "ephemeral"];
    private readonly MediaContent _media = new(world);
    private readonly InteractiveContent _interactive = new(world);

    /// <summary>Builds it. Files it sends are in <paramref name="writes"/>, to be committed before the message leaves.</summary>
    public BuiltMessage Build(MessageRequest request, Writes writes)
    {
        var body = request.Body;
        var kinds = Kinds.Where(body.Has).ToArray();
        if (kinds is not [var kind])
            throw ControlException.Bad($"A message has exactly one content, of: {string.Join(", ", Kinds)}.");
        var built = BuildContent(request, kind, writes);
        Decorate(request, built.Content);
        return kind == "raw" || !body.Flag("viewOnce") ? built : built with { Content = ViewOnce(built.Content) };
    }

    private BuiltMessage BuildContent(MessageRequest request, string kind, Writes writes)
    {
        var body = request.Body;
        switch (kind)
        {
            case "text":
                var text = body.RequiredText("text");
                return Text(s_decorations.Any(body.Has) ? new Message { ExtendedTextMessage = new() { Text = text } } : new Message { Conversation = text });
            case "extendedText":
                return Text(new Message { ExtendedTextMessage = ExtendedText(body) });
            case "image" or "video" or "ptv" or "audio" or "document" or "sticker":
                return new BuiltMessage(_media.Build(body, kind, writes), "media");
            case "location" or "liveLocation" or "contact" or "contacts":
                return new BuiltMessage(PlaceContent.Build(body, kind), kind.StartsWith("contact", StringComparison.Ordinal) ? "media" : "text");
            case "edit":
                var edit = body.RequiredObject("edit", "id", "text");
                var edited = request.FindOwn(edit.RequiredText("id"));
                return new BuiltMessage(Protocol(request.KeyOf(edited), Type.MessageEdit, new Message { Conversation = edit.RequiredText("text") }), "text", "1");
            case "revoke":
                var revoked = request.FindOwn(body.RequiredObject("revoke", "id").RequiredText("id"));
                return new BuiltMessage(Protocol(request.KeyOf(revoked), Type.Revoke, null), "text", "7");
            case "raw":
                return Text(Raw(body));
            default:
                return _interactive.Build(request, kind);
        }
    }

    private static BuiltMessage Text(Message content) => new(content, "text");

    private static Message.Types.ExtendedTextMessage ExtendedText(ControlBody body)
    {
        var fields = body.RequiredObject("extendedText", "text", "matchedText", "title", "description");
        var message = new Message.Types.ExtendedTextMessage { Text = fields.RequiredText("text") };
        if (fields.Text("matchedText") is { } matched)
            message.MatchedText = matched;
        if (fields.Text("title") is { } title)
            message.Title = title;
        if (fields.Text("description") is { } description)
            message.Description = description;
        return message;
    }

    private static Message Raw(ControlBody body)
    {
        var bytes = body.Base64("raw")!;
        try
        {
            return bytes.Length > 0 ? Message.Parser.ParseFrom(bytes) : throw ControlException.Bad("raw is empty.");
        }
        catch (InvalidProtocolBufferException)
        {
            throw ControlException.Bad("raw is no serialised Message.");
        }
    }

    private Message Protocol(MessageKey key, Type type, Message? edited)
    {
        var protocol = new Message.Types.ProtocolMessage { Key = key, Type = type };
        if (edited is not null)
        {
            protocol.EditedMessage = edited;
            protocol.TimestampMs = world.Time.GetUtcNow().ToUnixTimeMilliseconds();
        }

        return new Message { ProtocolMessage = protocol };
    }

    /// <summary>Quote, mentions, forwarding and the timer: all of it stands in the content's context.</summary>
    private static void Decorate(MessageRequest request, Message content)
    {
        var body = request.Body;
        var context = new ContextInfo();
        if (body.Object("quoted", "id") is { } quoted)
        {
            var message = request.Find(quoted.RequiredText("id"));
            context.StanzaId = message.Id;
            context.Participant = request.JidOf(message.Sender);
            context.QuotedMessage = message.Content;
        }

        foreach (var number in body.Texts("mentions", 1024) ?? [])
        {
            context.MentionedJid.Add(Evolution.Protocol.Jids.Jid.TryParse(number, out var jid) ? jid.ToString()
                : number.All(char.IsAsciiDigit) ? Evolution.Protocol.Jids.Jid.ForPhone(number).ToString()
                : throw ControlException.Bad("mentions holds numbers or JIDs."));
        }

        if (body.Flag("forwarded"))
        {
            context.IsForwarded = true;
            context.ForwardingScore = 1;
        }

        if (body.Whole("ephemeral", 1, 31_536_000) is { } seconds)
            context.Expiration = (uint)seconds;
        if (context.CalculateSize() == 0)
            return;
        var (target, field) = ContextOf(content)
            ?? throw ControlException.Bad("This content can carry no quote, mentions, forwarding or timer.");
        if (field.Accessor.GetValue(target) is ContextInfo given)
            given.MergeFrom(context);
        else
            field.Accessor.SetValue(target, context);
    }

    private static (IMessage Content, FieldDescriptor Field)? ContextOf(Message content)
    {
        foreach (var field in Message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType == FieldType.Message && field.Name != "messageContextInfo" && field.Accessor.GetValue(content) is IMessage inner
                && inner.Descriptor.FindFieldByName("contextInfo") is { } context)
                return (inner, context);
        }

        return null;
    }

    private static Message ViewOnce(Message content)
    {
        if (content.ImageMessage is { } image)
            image.ViewOnce = true;
        else if (content.VideoMessage is { } video)
            video.ViewOnce = true;
        else if (content.AudioMessage is { } audio)
            audio.ViewOnce = true;
        else
            throw ControlException.Bad("Only image, video and audio can be for one view.");
        var wrapped = new Message.Types.FutureProofMessage { Message = content };
        return content.AudioMessage is null ? new Message { ViewOnceMessageV2 = wrapped } : new Message { ViewOnceMessageV2Extension = wrapped };
    }
}
