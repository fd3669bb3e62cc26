using System.Collections;
using Evolution.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>A message of each kind that the schema has, with a value in every field, three levels deep.</summary>
internal static class ContentSamples
{
    private const int Depth = 3;

    /// <summary>Every kind of content: the fields of a message but the one that is about it.</summary>
    public static IReadOnlyList<FieldDescriptor> Kinds { get; } =
        [.. Message.Descriptor.Fields.InFieldNumberOrder().Where(field => field.FieldNumber != Message.MessageContextInfoFieldNumber)];

    public static FieldDescriptor Kind(string name) => Message.Descriptor.FindFieldByName(name);

    public static Message Of(string kind)
    {
        var message = new Message();
        var field = Kind(kind);
        field.Accessor.SetValue(message, field.FieldType == FieldType.String ? "Olá, ação" : field.MessageType == Message.Types.FutureProofMessage.Descriptor
            ? new Message.Types.FutureProofMessage { Message = InnerOf(kind) }
            : Filled(field.MessageType, Depth));
        return message;
    }

    /// <summary>Where a content has its context; null where it has none.</summary>
    public static FieldDescriptor? ContextOf(string kind) =>
        Kind(kind) is { FieldType: FieldType.Message } field && field.MessageType.FindFieldByName("contextInfo") is { FieldType: FieldType.Message } context ? context : null;

    /// <summary>The same content as the answer to something else.</summary>
    public static Message Reply(string kind)
    {
        var message = Of(kind);
        ContextOf(kind)!.Accessor.SetValue((IMessage)Kind(kind).Accessor.GetValue(message), Context());
        return message;
    }

    /// <summary>A context with everything in it: a quote, mentions, the ad that it came by, the time after which it disappears.</summary>
    public static ContextInfo Context()
    {
        var context = (ContextInfo)Filled(ContextInfo.Descriptor, 2);
        context.QuotedMessage = new Message { ExtendedTextMessage = new Message.Types.ExtendedTextMessage { Text = "earlier" } };
        return context;
    }

    /// <summary>As Evolution shows a content: a text as a plain text, a document with a caption as a document.</summary>
    public static Message Folded(Message message)
    {
        var folded = message.Clone();
        if (folded.ExtendedTextMessage is { } text)
        {
            folded.ExtendedTextMessage = null;
            folded.Conversation = text.Text;
        }

        if (folded.DocumentWithCaptionMessage?.Message?.DocumentMessage is { } document)
        {
            folded.DocumentWithCaptionMessage = null;
            folded.DocumentMessage = document;
        }

        return folded;
    }

    private static Message InnerOf(string kind) => kind switch
    {
        "documentWithCaptionMessage" => Of("documentMessage"),
        "viewOnceMessage" or "viewOnceMessageV2" => Of("imageMessage"),
        "viewOnceMessageV2Extension" => Of("audioMessage"),
        "lottieStickerMessage" => Of("stickerMessage"),
        "pollCreationMessageV4" => Of("pollCreationMessage"),
        "associatedChildMessage" => Of("videoMessage"),
        _ => Of("extendedTextMessage"),
    };

    private static IMessage Filled(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            // Of alternatives one is set; what repeats the whole is left out, or has a text.
            if (field.IsMap || field.RealContainingOneof is { } choice && choice.Fields[0] != field
                || field.FieldType == FieldType.Group || (IsMessage(field) && (depth == 0 || field.MessageType == ContextInfo.Descriptor)))
                continue;
            if (field.IsRepeated)
                ((IList)field.Accessor.GetValue(message)).Add(Value(field, depth));
            else
                field.Accessor.SetValue(message, Value(field, depth));
        }

        return message;
    }

    private static bool IsMessage(FieldDescriptor field) => field.FieldType == FieldType.Message;

    private static object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message when field.MessageType == Message.Descriptor => new Message { Conversation = "inside" },
        FieldType.Message => Filled(field.MessageType, depth - 1),
        FieldType.String => $"{field.Name} é {field.FieldNumber}",
        FieldType.Bytes => ByteString.CopyFrom(0, (byte)field.FieldNumber, 250),
        FieldType.Bool => true,
        FieldType.Enum => field.EnumType.Values[^1].Number,
        FieldType.Float => 1.5f,
        FieldType.Double => -23.5505,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => -field.FieldNumber,
        FieldType.UInt32 or FieldType.Fixed32 => uint.MaxValue - (uint)field.FieldNumber,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => -5_000_000_000L - field.FieldNumber,
        FieldType.UInt64 or FieldType.Fixed64 => ulong.MaxValue - (ulong)field.FieldNumber,
        _ => throw new NotSupportedException($"{field.FullName} has a type for which there is no value"),
    };
}
