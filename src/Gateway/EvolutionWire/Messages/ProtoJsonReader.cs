using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>
/// Reads a message that a client sends back. It may come from an event, a find record or another version of Evolution, so every form in which those
/// write bytes (index object, list, base64, <c>{"type":"Buffer"}</c>), 64-bit numbers and enums is understood; what is not in the schema is skipped.
/// </summary>
internal static class ProtoJsonReader
{
    /// <exception cref="FormatException">A known field has a value that can't be what it should be.</exception>
    public static T Read<T>(JsonElement json)
        where T : IMessage<T>, new()
    {
        var message = new T();
        Fill(message, json);
        return message;
    }

    private static void Fill(IMessage message, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{message.Descriptor.Name} must be an object");
        foreach (var property in json.EnumerateObject())
        {
            if (message.Descriptor.FindFieldByName(property.Name) is not { IsMap: false } field || property.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (!field.IsRepeated)
            {
                field.Accessor.SetValue(message, ReadValue(field, property.Value));
            }
            else if (property.Value.ValueKind == JsonValueKind.Array)
            {
                var list = (IList)field.Accessor.GetValue(message);
                foreach (var item in property.Value.EnumerateArray())
                    list.Add(ReadValue(field, item));
            }
        }
    }

    private static object ReadValue(FieldDescriptor field, JsonElement value)
    {
        try
        {
            return field.FieldType switch
            {
                FieldType.Message or FieldType.Group => ReadMessage(field.MessageType, value),
                FieldType.String => value.GetString()!,
                FieldType.Bool => value.GetBoolean(),
                FieldType.Bytes => ByteString.CopyFrom(ReadBytes(value)),
                FieldType.Enum => ReadEnum(field.EnumType, value),
                FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => ReadInt64(value),
                FieldType.UInt64 or FieldType.Fixed64 => ReadUInt64(value),
                FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => checked((int)ReadInt64(value)),
                FieldType.UInt32 or FieldType.Fixed32 => checked((uint)ReadInt64(value)),
                FieldType.Float => (float)value.GetDouble(),
                FieldType.Double => value.GetDouble(),
                _ => throw new FormatException($"{field.Name} can't be set"),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException)
        {
            throw new FormatException($"{field.Name} has a value of the wrong type", e);
        }
    }

    private static IMessage ReadMessage(MessageDescriptor type, JsonElement value)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        Fill(message, value);
        return message;
    }

    private static int ReadEnum(EnumDescriptor type, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? (type.FindValueByName(value.GetString()!) ?? throw new FormatException($"{type.Name} has no {value.GetString()}")).Number
        : value.GetInt32();

    private static byte[] ReadBytes(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return Convert.FromBase64String(value.GetString()!);
            case JsonValueKind.Array:
                return [.. value.EnumerateArray().Select(item => item.GetByte())];
            case JsonValueKind.Object when value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String:
                return ReadBytes(value.GetProperty("data"));
            case JsonValueKind.Object:
                // Clients may have sorted the keys as texts.
                return [.. value.EnumerateObject()
                    .OrderBy(property => int.Parse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture))
                    .Select(property => property.Value.GetByte())];
            default:
                throw new InvalidOperationException();
        }
    }

    private static long ReadInt64(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        JsonValueKind.Object => Join(value),
        _ => value.GetInt64(),
    };

    private static ulong ReadUInt64(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => ulong.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        JsonValueKind.Object => unchecked((ulong)Join(value)),
        _ => value.GetUInt64(),
    };

    private static long Join(JsonElement halves) =>
        ((long)halves.GetProperty("high").GetInt32() << 32) | unchecked((uint)halves.GetProperty("low").GetInt32());
}
