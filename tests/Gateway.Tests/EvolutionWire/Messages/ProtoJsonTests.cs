using System.Collections;
using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Gateway.Tests.EvolutionWire.Messages;

public sealed class ProtoJsonTests
{
    public static TheoryData<string> ContentKinds => [.. Message.Descriptor.Fields.InFieldNumberOrder().Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(ContentKinds))]
    public void Every_kind_of_message_survives_the_way_into_JSON_and_back(string kind)
    {
        var message = new Message();
        Fill(message, Message.Descriptor.FindFieldByName(kind), depth: 3);

        foreach (var style in Enum.GetValues<ProtoJsonStyle>())
        {
            var json = WireJson.Bytes(writer => ProtoJsonWriter.Write(writer, message, style));
            using var document = JsonDocument.Parse(json);

            Assert.Equal(message, ProtoJsonReader.Read<Message>(document.RootElement));
        }
    }

    [Theory]
    [InlineData("""{"0":1,"1":255}""")]
    [InlineData("""{"1":255,"0":1}""")]
    [InlineData("[1,255]")]
    [InlineData("\"Af8=\"")]
    [InlineData("""{"type":"Buffer","data":[1,255]}""")]
    [InlineData("""{"type":"Buffer","data":"Af8="}""")]
    public void Bytes_are_understood_in_every_form_that_clients_have_seen(string form)
    {
        using var document = JsonDocument.Parse($$$"""{"imageMessage":{"mediaKey":{{{form}}},"unknownField":{"a":1},"caption":null}}""");

        Assert.Equal([1, 255], ProtoJsonReader.Read<Message>(document.RootElement).ImageMessage.MediaKey.ToByteArray());
    }

    [Theory]
    [InlineData("""{"imageMessage":5}""")]
    [InlineData("""{"imageMessage":{"mediaKey":true}}""")]
    [InlineData("""{"imageMessage":{"mediaKey":"not base64!"}}""")]
    [InlineData("""{"imageMessage":{"height":-1}}""")]
    [InlineData("""{"conversation":5}""")]
    [InlineData("[]")]
    public void What_can_not_be_a_message_is_a_format_error(string json)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Throws<FormatException>(() => ProtoJsonReader.Read<Message>(document.RootElement));
    }

    private static void Fill(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap || (depth == 0 && field.FieldType == FieldType.Message))
            return;
        if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            list.Add(Value(field, depth));
            list.Add(Value(field, depth));
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth));
        }
    }

    private static object Value(FieldDescriptor field, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                var inner = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                foreach (var innerField in field.MessageType.Fields.InFieldNumberOrder())
                {
                    if (innerField.ContainingOneof is null || innerField.ContainingOneof.Fields[0] == innerField)
                        Fill(inner, innerField, depth - 1);
                }

                return inner;
            case FieldType.String:
                return "Você \"é\" \U0001F600";
            case FieldType.Bool:
                return true;
            case FieldType.Bytes:
                return ByteString.CopyFrom(0, 127, 255);
            case FieldType.Enum:
                return field.EnumType.Values[^1].Number;
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                return -5_000_000_000L;
            case FieldType.UInt64 or FieldType.Fixed64:
                return ulong.MaxValue;
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                return int.MinValue;
            case FieldType.UInt32 or FieldType.Fixed32:
                return uint.MaxValue;
            case FieldType.Float:
                return 0.1f;
            case FieldType.Double:
                return Math.PI;
            default:
                throw new NotSupportedException(field.FieldType.ToString());
        }
    }
}
