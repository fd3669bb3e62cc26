using System.Text;
using System.Text.Json;
using Evolution.Client;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Google.Protobuf;

namespace Evolution.Gateway.Tests.EvolutionWire.Messages;

public sealed class MessageRecordTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1761048000);
    private static readonly Jid Ana = Jid.ForPhone("5511999990001");
    private static readonly Jid AnaLid = Jid.ForLid("123456789012345");
    private static readonly Jid Own = Jid.ForPhone("5511988887777");

    [Fact]
    public void A_sent_text_is_the_record_of_the_contract()
    {
        var message = new Message
        {
            ExtendedTextMessage = new Message.Types.ExtendedTextMessage
            {
                Text = "Hello",
                ContextInfo = new ContextInfo { EphemeralSettingTimestamp = 1760875200, DisappearingMode = new DisappearingMode { Initiator = DisappearingMode.Types.Initiator.ChangedInChat } },
            },
        };
        var record = new MessageRecord
        {
            Key = MessageRecordKey.OfSent(new MessageInfo("3EB0A1B2C3D4E5F6071829", Ana, Own, FromMe: true, At)),
            PushName = MessageRecord.OwnPushName,
            Status = MessageStatus.Pending,
            Content = MessageContent.Of(message),
            Timestamp = At,
            InstanceId = "3f1c9a52-7d0e-4b86-9a51-0c8e2f7b6d14",
        };

        Assert.Equal(
            """{"key":{"remoteJid":"5511999990001@s.whatsapp.net","fromMe":true,"id":"3EB0A1B2C3D4E5F6071829"},"pushName":"Você","status":"PENDING","message":{"conversation":"Hello"},"contextInfo":{"mentionedJid":[],"groupMentions":[],"ephemeralSettingTimestamp":{"low":1760875200,"high":0,"unsigned":false},"disappearingMode":{"initiator":0}},"messageType":"conversation","messageTimestamp":1761048000,"instanceId":"3f1c9a52-7d0e-4b86-9a51-0c8e2f7b6d14","source":"web"}""",
            Json(record.Write));
    }

    [Fact]
    public void Bytes_and_long_numbers_are_objects_in_events_and_texts_in_find_records()
    {
        var message = new Message
        {
            ImageMessage = new Message.Types.ImageMessage
            {
                Caption = "invoice",
                FileLength = 5_000_000_000,
                MediaKey = ByteString.CopyFrom(44, 7),
                MediaKeyTimestamp = 1730640300,
                FileSha256 = ByteString.Empty,
            },
            MessageContextInfo = new MessageContextInfo { DeviceListMetadata = new DeviceListMetadata { SenderTimestamp = 1730000000 } },
        };

        var asEvent = Json(writer => MessageContent.Of(message).WriteMessage(writer, ProtoJsonStyle.Event));
        var asRecord = Json(writer => MessageContent.Of(message).WriteMessage(writer, ProtoJsonStyle.Record));

        Assert.StartsWith("""{"imageMessage":{"interactiveAnnotations":[],"scanLengths":[],"annotations":[],"caption":"invoice",""", asEvent, StringComparison.Ordinal);
        Assert.Contains("""
            "fileLength":{"low":705032704,"high":1,"unsigned":true}
            """, asEvent, StringComparison.Ordinal);
        Assert.Contains("""
            "mediaKey":{"0":44,"1":7}
            """, asEvent, StringComparison.Ordinal);
        Assert.Contains("""
            "fileSha256":{}
            """, asEvent, StringComparison.Ordinal);
        Assert.Contains("""
            "mediaKeyTimestamp":{"low":1730640300,"high":0,"unsigned":false}
            """, asEvent, StringComparison.Ordinal);
        Assert.Contains("""
            "deviceListMetadata":{"senderKeyIndexes":[],"recipientKeyIndexes":[],"senderTimestamp":{"low":1730000000,"high":0,"unsigned":true}}
            """, asEvent, StringComparison.Ordinal);
        Assert.Contains("""
            "fileLength":"5000000000"
            """, asRecord, StringComparison.Ordinal);
        Assert.Contains("""
            "mediaKey":"LAc="
            """, asRecord, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_stands_beside_the_message_and_its_text_is_folded_too()
    {
        var content = MessageContent.Of(new Message
        {
            ExtendedTextMessage = new Message.Types.ExtendedTextMessage
            {
                Text = "yes",
                ContextInfo = new ContextInfo
                {
                    StanzaId = "3EB0AA11BB22CC33DD44EE",
                    QuotedMessage = new Message { ExtendedTextMessage = new Message.Types.ExtendedTextMessage { Text = "earlier" } },
                },
            },
        });

        Assert.Equal("""{"conversation":"yes"}""", Json(writer => content.WriteMessage(writer, ProtoJsonStyle.Event)));
        Assert.Equal(
            """{"mentionedJid":[],"groupMentions":[],"stanzaId":"3EB0AA11BB22CC33DD44EE","quotedMessage":{"conversation":"earlier"}}""",
            Json(writer => content.WriteContext(writer, ProtoJsonStyle.Event)));
    }

    [Fact]
    public void A_document_with_a_caption_is_a_document()
    {
        var content = MessageContent.Of(new Message
        {
            DocumentWithCaptionMessage = new Message.Types.FutureProofMessage
            {
                Message = new Message { DocumentMessage = new Message.Types.DocumentMessage { FileName = "a.pdf", Caption = "see" } },
            },
        });

        Assert.Equal("documentMessage", content.Type);
        Assert.Equal("""{"documentMessage":{"caption":"see","fileName":"a.pdf"}}""", Sorted(Json(writer => content.WriteMessage(writer, ProtoJsonStyle.Event))));
    }

    [Fact]
    public void The_key_distribution_that_rides_along_is_not_the_type()
    {
        var content = MessageContent.Of(new Message
        {
            SenderKeyDistributionMessage = new Message.Types.SenderKeyDistributionMessage { GroupId = "1@g.us" },
            AudioMessage = new Message.Types.AudioMessage { Seconds = 3 },
        });

        Assert.Equal("audioMessage", content.Type);
        Assert.Equal("unknown", MessageContent.Of(new Message()).Type);
    }

    [Fact]
    public void A_person_is_named_by_number_and_the_LID_goes_where_clients_do_not_take_it_for_one()
    {
        Assert.Equal(
            """{"remoteJid":"5511999990001@s.whatsapp.net","remoteJidAlt":"123456789012345@lid","fromMe":false,"id":"A","participant":"","addressingMode":"pn"}""",
            Json(MessageRecordKey.OfReceived(new MessageInfo("A", Ana, Ana, false, At) { ChatAlt = AnaLid, SenderAlt = AnaLid }).Write));
        Assert.Equal(
            """{"remoteJid":"5511999990001@s.whatsapp.net","remoteJidAlt":"5511999990001@s.whatsapp.net","remoteLid":"123456789012345@lid","fromMe":false,"id":"A","participant":"","addressingMode":"lid"}""",
            Json(MessageRecordKey.OfReceived(new MessageInfo("A", AnaLid, AnaLid, false, At) { ChatAlt = Ana, SenderAlt = Ana, AddressingMode = "lid" }).Write));
        Assert.Equal(
            """{"remoteJid":"123456789012345@lid","fromMe":false,"id":"A","participant":"","addressingMode":"lid"}""",
            Json(MessageRecordKey.OfReceived(new MessageInfo("A", AnaLid, AnaLid, false, At) { AddressingMode = "lid" }).Write));
        Assert.Equal(
            """{"remoteJid":"120363000000000001@g.us","fromMe":false,"id":"A","participant":"5511999990001@s.whatsapp.net","participantAlt":"5511999990001@s.whatsapp.net","participantLid":"123456789012345@lid","addressingMode":"lid"}""",
            Json(MessageRecordKey.OfReceived(
                new MessageInfo("A", new Jid("120363000000000001", JidServers.Group), AnaLid, false, At) { SenderAlt = Ana, AddressingMode = "lid" }).Write));
    }

    [Theory]
    [InlineData("3A5F0C9D1E2B4A6C8D70", "ios")]
    [InlineData("3EB0A1B2C3D4E5F6071829", "web")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789", "android")]
    [InlineData("012345678901234567890", "android")]
    [InlineData("3F00", "desktop")]
    [InlineData("012345678901234567", "desktop")]
    [InlineData("wamid.X", "unknown")]
    public void The_source_is_read_from_the_id(string id, string source) => Assert.Equal(source, MessageRecord.SourceOf(id));

    [Fact]
    public void A_message_without_a_name_shows_the_sender_of_a_group_and_nothing_in_a_direct_chat()
    {
        var direct = MessageRecordKey.OfReceived(new MessageInfo("A", Ana, Ana, false, At));
        var group = MessageRecordKey.OfReceived(new MessageInfo("A", new Jid("120363000000000001", JidServers.Group), Ana, false, At));

        Assert.Null(MessageRecord.ShownName("", direct));
        Assert.Equal("5511999990001", MessageRecord.ShownName(null, group));
        Assert.Equal("Você", MessageRecord.ShownName(null, direct with { FromMe = true }));
    }

    private static string Json(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(WireJson.Bytes(write).Span);

    private static string Sorted(string json)
    {
        using var document = JsonDocument.Parse(json);
        return "{" + string.Join(',', document.RootElement.EnumerateObject().Select(outer => $"\"{outer.Name}\":{{" + string.Join(',', outer.Value.EnumerateObject()
            .OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => $"\"{property.Name}\":{property.Value.GetRawText()}")) + "}")) + "}";
    }
}
