using System.Collections;
using Evolution.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Protocol.Tests.Schema;

/// <summary>Fills any message of the schema with random content, by its descriptor.</summary>
internal sealed class RandomMessages(int seed)
{
    /// <summary>Deeper messages stay empty: many types hold themselves.</summary>
    private const int Depth = 3;

    /// <summary>How many fields of a message are set: of the wide ones only some, or a tree of them grows without end.</summary>
    private const int FieldsPerMessage = 8;

    private readonly Random _random = new(seed);

    /// <summary>Every message type of the schema, nested ones too.</summary>
    public static IReadOnlyList<MessageDescriptor> Types { get; } =
    [
        .. typeof(Message).Assembly.GetTypes()
            .Where(type => typeof(IMessage).IsAssignableFrom(type))
            .Select(type => ((IMessage)Activator.CreateInstance(type)!).Descriptor)
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    public IMessage Of(MessageDescriptor type) => Of(type, Depth);

    /// <summary>Fields no schema has, one of each way to write a field.</summary>
    public byte[] UnknownFields()
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            output.WriteTag(100_001, WireFormat.WireType.Varint);
            output.WriteUInt64((ulong)_random.NextInt64());
            output.WriteTag(100_002, WireFormat.WireType.Fixed64);
            output.WriteFixed64((ulong)_random.NextInt64());
            output.WriteTag(100_003, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(Bytes());
            output.WriteTag(100_004, WireFormat.WireType.Fixed32);
            output.WriteFixed32((uint)_random.Next());
        }

        return buffer.ToArray();
    }

    private IMessage Of(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        var fields = type.Fields.InFieldNumberOrder().ToArray();
        _random.Shuffle(fields);
        foreach (var field in fields.Take(FieldsPerMessage))
        {
            if (field.IsMap)
            {
                var map = (IDictionary)field.Accessor.GetValue(message);
                for (var left = _random.Next(1, 4); left > 0; left--)
                    map[Value(field.MessageType.FindFieldByNumber(1), depth)] = Value(field.MessageType.FindFieldByNumber(2), depth);
            }
            else if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var left = _random.Next(1, 4); left > 0; left--)
                    list.Add(Value(field, depth));
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }

        return message;
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Bool => _random.Next(2) == 1,
        FieldType.Bytes => Bytes(),
        FieldType.Double => _random.NextDouble() * double.MaxValue,
        FieldType.Float => _random.NextSingle() * float.MaxValue,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => _random.Next(int.MinValue, int.MaxValue),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => _random.NextInt64(long.MinValue, long.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)_random.NextInt64(uint.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)_random.NextInt64(long.MinValue, long.MaxValue),
        FieldType.String => Text(),
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, EnumNumber(field.EnumType)),
        FieldType.Message => depth == 0 ? field.MessageType.Parser.ParseFrom(ByteString.Empty) : Of(field.MessageType, depth - 1),
        _ => throw new InvalidOperationException($"{field.FullName} has a type this test does not fill: {field.FieldType}"),
    };

    /// <summary>Mostly a number the enum names, now and then one a newer schema may name.</summary>
    private int EnumNumber(EnumDescriptor type) =>
        _random.Next(8) == 0 ? _random.Next(100_000, 200_000) : type.Values[_random.Next(type.Values.Count)].Number;

    private ByteString Bytes()
    {
        var bytes = new byte[_random.Next(0, 40)];
        _random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    private string Text() => string.Concat(_random.GetItems(["a", "Z", "0", " ", "\0", "ã", "漢", "🙂"], _random.Next(0, 12)));
}
