using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>
/// Writes any protobuf message as the JSON that protobufjs' object of it gives, which is what Evolution puts into events: names as in the schema,
/// enums as numbers, lists always there (and first), everything else only when set.
/// </summary>
internal static class ProtoJsonWriter
{
    // Lists that the schema of Evolution's WhatsApp library does not have: no client has seen them empty.
    private static readonly HashSet<string> NewerLists = new(StringComparer.Ordinal)
    {
        "whatsapp.ContextInfo.statusAttributions", "whatsapp.Message.ExtendedTextMessage.endCardTiles", "whatsapp.MessageContextInfo.threadId",
    };

    /// <param name="skip">Fields to leave out, or to write in another way; asked for the fields of <paramref name="message"/> itself only.</param>
    public static void Write(Utf8JsonWriter writer, IMessage message, ProtoJsonStyle style, Func<FieldDescriptor, bool>? skip = null)
    {
        writer.WriteStartObject();
        WriteFields(writer, message, style, skip);
        writer.WriteEndObject();
    }

    /// <summary>The fields of <see cref="Write"/> without the braces around them.</summary>
    public static void WriteFields(Utf8JsonWriter writer, IMessage message, ProtoJsonStyle style, Func<FieldDescriptor, bool>? skip = null)
    {
        var fields = message.Descriptor.Fields.InFieldNumberOrder();
        foreach (var field in fields)
        {
            if (!field.IsRepeated || skip?.Invoke(field) == true)
                continue;
            var value = (ICollection)field.Accessor.GetValue(message);
            if (value.Count == 0 && (style == ProtoJsonStyle.Raw || NewerLists.Contains(field.FullName)))
                continue;
            writer.WritePropertyName(field.Name);
            if (field.IsMap)
                WriteMap(writer, field, (IDictionary)value, style);
            else
                WriteList(writer, field, (IList)value, style);
        }

        foreach (var field in fields)
        {
            if (field.IsRepeated || !field.Accessor.HasValue(message) || skip?.Invoke(field) == true)
                continue;
            writer.WritePropertyName(field.Name);
            WriteValue(writer, field, field.Accessor.GetValue(message), style);
        }
    }

    private static void WriteList(Utf8JsonWriter writer, FieldDescriptor field, IList list, ProtoJsonStyle style)
    {
        writer.WriteStartArray();
        foreach (var item in list)
            WriteValue(writer, field, item!, style);
        writer.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter writer, FieldDescriptor field, IDictionary map, ProtoJsonStyle style)
    {
        var valueField = field.MessageType.FindFieldByNumber(2);
        writer.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            writer.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!);
            WriteValue(writer, valueField, entry.Value!, style);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, FieldDescriptor field, object value, ProtoJsonStyle style)
    {
        switch (field.FieldType)
        {
            case FieldType.Message or FieldType.Group:
                Write(writer, (IMessage)value, style);
                break;
            case FieldType.String:
                writer.WriteStringValue((string)value);
                break;
            case FieldType.Bool:
                writer.WriteBooleanValue((bool)value);
                break;
            case FieldType.Bytes:
                WriteBytes(writer, ((ByteString)value).Span, style);
                break;
            case FieldType.Enum:
                WriteEnum(writer, field.EnumType, (int)value, style);
                break;
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                WriteInt64(writer, (long)value, style);
                break;
            case FieldType.UInt64 or FieldType.Fixed64:
                WriteUInt64(writer, (ulong)value, style);
                break;
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                writer.WriteNumberValue((int)value);
                break;
            case FieldType.UInt32 or FieldType.Fixed32:
                writer.WriteNumberValue((uint)value);
                break;
            case FieldType.Float:
                WriteDouble(writer, (float)value);
                break;
            case FieldType.Double:
                WriteDouble(writer, (double)value);
                break;
            default:
                throw new NotSupportedException($"{field.FullName} has a type that the wire does not know: {field.FieldType}");
        }
    }

    // A number that the schema has no name for stays a number.
    private static void WriteEnum(Utf8JsonWriter writer, EnumDescriptor type, int value, ProtoJsonStyle style)
    {
        if (style == ProtoJsonStyle.Raw && type.FindValueByNumber(value) is { } named)
            writer.WriteStringValue(named.Name);
        else
            writer.WriteNumberValue(value);
    }

    private static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes, ProtoJsonStyle style)
    {
        if (style != ProtoJsonStyle.Event)
        {
            writer.WriteBase64StringValue(bytes);
            return;
        }

        Span<byte> index = stackalloc byte[10];
        writer.WriteStartObject();
        for (var i = 0; i < bytes.Length; i++)
        {
            System.Buffers.Text.Utf8Formatter.TryFormat(i, index, out var length);
            writer.WriteNumber(index[..length], bytes[i]);
        }

        writer.WriteEndObject();
    }

    private static void WriteInt64(Utf8JsonWriter writer, long value, ProtoJsonStyle style)
    {
        if (style != ProtoJsonStyle.Event)
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        else
            WriteHalves(writer, value, isUnsigned: false);
    }

    private static void WriteUInt64(Utf8JsonWriter writer, ulong value, ProtoJsonStyle style)
    {
        if (style != ProtoJsonStyle.Event)
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        else
            WriteHalves(writer, unchecked((long)value), isUnsigned: true);
    }

    // The halves are signed 32-bit numbers, also of an unsigned value.
    private static void WriteHalves(Utf8JsonWriter writer, long value, bool isUnsigned)
    {
        writer.WriteStartObject();
        writer.WriteNumber("low", unchecked((int)value));
        writer.WriteNumber("high", (int)(value >> 32));
        writer.WriteBoolean("unsigned", isUnsigned);
        writer.WriteEndObject();
    }

    // JSON has no infinity and no NaN; JavaScript writes null for them.
    private static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }
}
