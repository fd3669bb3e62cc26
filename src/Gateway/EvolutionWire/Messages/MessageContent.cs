using System.Text.Json;
using Evolution.Client.Media;
using Evolution.Client.Messages;
using Evolution.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>
/// How Evolution looks at a message's content: a text with extras is shown as a plain text, a document with a caption as a document, and the context
/// (quote, mentions) stands beside the content, also that of a content in a wrapper.
/// </summary>
internal sealed class MessageContent
{
    private const string Unknown = "unknown";

    // What may be a content: neither keys nor what is said about the message itself.
    private static readonly FieldDescriptor[] KnownFields = [.. Message.Descriptor.Fields.InFieldNumberOrder().Where(field =>
        !field.IsRepeated && field.FieldNumber is not (Message.SenderKeyDistributionMessageFieldNumber
            or Message.FastRatchetKeySenderKeyDistributionMessageFieldNumber or Message.MessageContextInfoFieldNumber))];

    private readonly Message message;

    private MessageContent(Message message, string type, ContextInfo? context)
    {
        this.message = message;
        Type = type;
        Context = context;
    }

    /// <summary>The content key, such as <c>conversation</c> or <c>imageMessage</c>; <c>unknown</c> when there is none.</summary>
    public string Type { get; }

    /// <summary>The context of the content; null when it has none.</summary>
    public ContextInfo? Context { get; }

    /// <summary>Whether the schema knows anything of what is in it; if not, its bytes are shown as they are.</summary>
    public bool IsReadable { get; private init; }

    /// <summary>Whether there is a file to fetch.</summary>
    public bool HasFile => MediaReference.Of(message) is not null;

    private (string Name, IMessage Content)? Opened { get; init; }

    /// <param name="message">The content.</param>
    /// <param name="opened">What was found under a seal in it, to stand beside it.</param>
    public static MessageContent Of(Message message, (string Name, IMessage Content)? opened = null)
    {
        var inner = MessageContents.Unwrap(message);
        // A content without a name has its context all the same: calls from ads come so.
        var main = MainField(inner) ?? KnownFields.FirstOrDefault(field => field.Accessor.HasValue(inner));
        var context = main?.FieldType == FieldType.Message ? ContentContext.Of((IMessage)main.Accessor.GetValue(inner)) : null;
        var type = MainField(message)?.Name switch
        {
            null => Unknown,
            "extendedTextMessage" => "conversation",
            "documentWithCaptionMessage" when message.DocumentWithCaptionMessage.Message?.DocumentMessage is not null => "documentMessage",
            var name => name,
        };
        return new MessageContent(message, type, context) { IsReadable = IsReadableOf(inner), Opened = opened };
    }

    /// <summary>Writes the value of <c>message</c>.</summary>
    /// <param name="extra">Writes properties of ours into the same object, such as <c>base64</c>.</param>
    public void WriteMessage(Utf8JsonWriter writer, ProtoJsonStyle style, Action<Utf8JsonWriter>? extra = null)
    {
        writer.WriteStartObject();
        WriteFolded(writer, message, style);
        if (!IsReadable)
            writer.WriteBase64String("raw", message.ToByteArray());
        if (Opened is var (name, opened))
        {
            writer.WritePropertyName(name);
            ProtoJsonWriter.Write(writer, opened, style);
        }

        extra?.Invoke(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the value of <c>contextInfo</c>; the quoted message in it is folded in the same way.</summary>
    /// <exception cref="InvalidOperationException">There is no context.</exception>
    public void WriteContext(Utf8JsonWriter writer, ProtoJsonStyle style)
    {
        var context = Context ?? throw new InvalidOperationException("this content has no context");
        writer.WriteStartObject();
        ProtoJsonWriter.WriteFields(writer, context, style, field => field.FieldNumber == ContextInfo.QuotedMessageFieldNumber);
        if (context.QuotedMessage is { } quoted)
        {
            writer.WriteStartObject("quotedMessage");
            WriteFolded(writer, quoted, style);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteFolded(Utf8JsonWriter writer, Message message, ProtoJsonStyle style)
    {
        var text = message.ExtendedTextMessage;
        var document = message.DocumentWithCaptionMessage?.Message?.DocumentMessage;
        if (text is not null)
            writer.WriteString("conversation", text.Text);
        if (document is not null)
        {
            writer.WritePropertyName("documentMessage");
            ProtoJsonWriter.Write(writer, document, style);
        }

        ProtoJsonWriter.WriteFields(writer, message, style, field => field.FieldNumber switch
        {
            Message.ExtendedTextMessageFieldNumber => true,
            Message.ConversationFieldNumber => text is not null,
            Message.DocumentWithCaptionMessageFieldNumber => document is not null,
            Message.DocumentMessageFieldNumber => document is not null,
            _ => false,
        });
    }

    // The first field that is set and reads like a content: its name is "conversation" or has "Message" in it.
    internal static FieldDescriptor? MainField(Message message) => KnownFields.FirstOrDefault(field =>
        (field.FieldNumber == Message.ConversationFieldNumber || field.Name.Contains("Message", StringComparison.Ordinal))
        && field.Accessor.HasValue(message));

    // Nothing at all is a placeholder's content, and no secret.
    private static bool IsReadableOf(Message message) => message.CalculateSize() == 0 || KnownFields.Any(field => field.Accessor.HasValue(message));
}
