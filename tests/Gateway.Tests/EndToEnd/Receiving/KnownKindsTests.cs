using System.Text.Json.Nodes;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>What people send most, as clients of Evolution read it: names and values written down by hand.</summary>
public sealed class KnownKindsTests(LinkedGatewayFixture fixture) : IClassFixture<LinkedGatewayFixture>
{
    private static readonly ByteString s_key = ByteString.CopyFrom(new byte[32]);

    private static readonly Dictionary<string, (Message Content, string Type, string Json)> s_kinds = new(StringComparer.Ordinal)
    {
        ["text"] = (new() { Conversation = "Olá 👋" }, "conversation", """{"conversation":"Olá 👋"}"""),
        ["text with a preview"] = (
            new() { ExtendedTextMessage = new() { Text = "see https://example.com", MatchedText = "https://example.com", Title = "Example", JpegThumbnail = s_key } },
            "conversation", """{"conversation":"see https://example.com"}"""),
        ["gif"] = (
            new() { VideoMessage = new() { Mimetype = "video/mp4", GifPlayback = true, GifAttribution = Message.Types.VideoMessage.Types.Attribution.Tenor, Seconds = 2 } },
            "videoMessage", """{"videoMessage":{"interactiveAnnotations":[],"annotations":[],"processedVideos":[],"mimetype":"video/mp4","seconds":2,"gifPlayback":true,"gifAttribution":2}}"""),
        ["round video"] = (
            new() { PtvMessage = new() { Mimetype = "video/mp4", Seconds = 5 } },
            "ptvMessage", """{"ptvMessage":{"interactiveAnnotations":[],"annotations":[],"processedVideos":[],"mimetype":"video/mp4","seconds":5}}"""),
        ["voice note"] = (
            new() { AudioMessage = new() { Mimetype = "audio/ogg; codecs=opus", Seconds = 7, Ptt = true, Waveform = ByteString.CopyFrom(0, 50, 100) } },
            "audioMessage", """{"audioMessage":{"mimetype":"audio/ogg; codecs=opus","seconds":7,"ptt":true,"waveform":{"0":0,"1":50,"2":100}}}"""),
        ["animated sticker"] = (
            new() { StickerMessage = new() { Mimetype = "image/webp", IsAnimated = true, FileLength = 5_000_000_000, MediaKeyTimestamp = 1730640300 } },
            "stickerMessage", """{"stickerMessage":{"mimetype":"image/webp","fileLength":{"low":705032704,"high":1,"unsigned":true},"mediaKeyTimestamp":{"low":1730640300,"high":0,"unsigned":false},"isAnimated":true}}"""),
        ["document with a caption"] = (
            new() { DocumentWithCaptionMessage = new() { Message = new() { DocumentMessage = new() { FileName = "ação.pdf", Caption = "veja", Mimetype = "application/pdf" } } } },
            "documentMessage", """{"documentMessage":{"mimetype":"application/pdf","fileName":"ação.pdf","caption":"veja"}}"""),
        ["location"] = (
            new() { LocationMessage = new() { DegreesLatitude = -23.5505, DegreesLongitude = -46.6333, Name = "Sé", Address = "Praça da Sé" } },
            "locationMessage", """{"locationMessage":{"degreesLatitude":-23.5505,"degreesLongitude":-46.6333,"name":"Sé","address":"Praça da Sé"}}"""),
        ["live location"] = (
            new() { LiveLocationMessage = new() { DegreesLatitude = -23.5, DegreesLongitude = -46.5, AccuracyInMeters = 12, SequenceNumber = 3 } },
            "liveLocationMessage", """{"liveLocationMessage":{"degreesLatitude":-23.5,"degreesLongitude":-46.5,"accuracyInMeters":12,"sequenceNumber":{"low":3,"high":0,"unsigned":false}}}"""),
        ["contact"] = (
            new() { ContactMessage = new() { DisplayName = "João", Vcard = "BEGIN:VCARD\nEND:VCARD" } },
            "contactMessage", """{"contactMessage":{"displayName":"João","vcard":"BEGIN:VCARD\nEND:VCARD"}}"""),
        ["contacts"] = (
            new() { ContactsArrayMessage = new() { DisplayName = "2 contacts", Contacts = { new Message.Types.ContactMessage { DisplayName = "A" }, new Message.Types.ContactMessage { DisplayName = "B" } } } },
            "contactsArrayMessage", """{"contactsArrayMessage":{"contacts":[{"displayName":"A"},{"displayName":"B"}],"displayName":"2 contacts"}}"""),
        ["reaction"] = (
            new() { ReactionMessage = new() { Key = new() { RemoteJid = "5511999990001@s.whatsapp.net", FromMe = true, Id = "3EB0" }, Text = "👍", SenderTimestampMs = 1730640399123 } },
            "reactionMessage", """{"reactionMessage":{"key":{"remoteJid":"5511999990001@s.whatsapp.net","fromMe":true,"id":"3EB0"},"text":"👍","senderTimestampMs":{"low":-231421165,"high":402,"unsigned":false}}}"""),
        ["poll"] = (
            new() { PollCreationMessageV3 = new() { Name = "Lunch?", SelectableOptionsCount = 1, Options = { new Message.Types.PollCreationMessage.Types.Option { OptionName = "Sim" } } } },
            "pollCreationMessageV3", """{"pollCreationMessageV3":{"options":[{"optionName":"Sim"}],"name":"Lunch?","selectableOptionsCount":1}}"""),
        ["buttons reply"] = (
            new() { ButtonsResponseMessage = new() { SelectedButtonId = "yes", SelectedDisplayText = "Sim", Type = Message.Types.ButtonsResponseMessage.Types.Type.DisplayText } },
            "buttonsResponseMessage", """{"buttonsResponseMessage":{"selectedButtonId":"yes","type":1,"selectedDisplayText":"Sim"}}"""),
        ["list reply"] = (
            new() { ListResponseMessage = new() { Title = "Pizza", ListType = Message.Types.ListResponseMessage.Types.ListType.SingleSelect, SingleSelectReply = new() { SelectedRowId = "p" } } },
            "listResponseMessage", """{"listResponseMessage":{"title":"Pizza","listType":1,"singleSelectReply":{"selectedRowId":"p"}}}"""),
        ["template reply"] = (
            new() { TemplateButtonReplyMessage = new() { SelectedId = "1", SelectedDisplayText = "Sim", SelectedIndex = 0 } },
            "templateButtonReplyMessage", """{"templateButtonReplyMessage":{"selectedId":"1","selectedDisplayText":"Sim","selectedIndex":0}}"""),
        ["native flow reply"] = (
            new() { InteractiveResponseMessage = new() { NativeFlowResponseMessage = new() { Name = "menu_options", ParamsJson = """{"id":"1"}""", Version = 1 } } },
            "interactiveResponseMessage", """{"interactiveResponseMessage":{"nativeFlowResponseMessage":{"name":"menu_options","paramsJson":"{\"id\":\"1\"}","version":1}}}"""),
        ["pin"] = (
            new() { PinInChatMessage = new() { Key = new() { Id = "3EB0", FromMe = false }, Type = Message.Types.PinInChatMessage.Types.Type.PinForAll } },
            "pinInChatMessage", """{"pinInChatMessage":{"key":{"fromMe":false,"id":"3EB0"},"type":1}}"""),
        ["keep"] = (
            new() { KeepInChatMessage = new() { Key = new() { Id = "3EB0", FromMe = false }, KeepType = KeepType.KeepForAll } },
            "keepInChatMessage", """{"keepInChatMessage":{"key":{"fromMe":false,"id":"3EB0"},"keepType":1}}"""),
        ["call log"] = (
            new() { CallLogMesssage = new() { IsVideo = true, DurationSecs = 30 } },
            "unknown", """{"callLogMesssage":{"participants":[],"isVideo":true,"durationSecs":{"low":30,"high":0,"unsigned":false}}}"""),
        ["album"] = (
            new() { AlbumMessage = new() { ExpectedImageCount = 2, ExpectedVideoCount = 1 } },
            "albumMessage", """{"albumMessage":{"expectedImageCount":2,"expectedVideoCount":1}}"""),
        ["placeholder"] = (
            new() { PlaceholderMessage = new() { Type = Message.Types.PlaceholderMessage.Types.PlaceholderType.MaskLinkedDevices } },
            "placeholderMessage", """{"placeholderMessage":{"type":0}}"""),
        ["view once"] = (
            new() { ViewOnceMessageV2 = new() { Message = new() { AudioMessage = new() { Seconds = 1, ViewOnce = true } } } },
            "viewOnceMessageV2", """{"viewOnceMessageV2":{"message":{"audioMessage":{"seconds":1,"viewOnce":true}}}}"""),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(Kinds))]
    public async Task It_is_shown_as_clients_of_Evolution_read_it(string kind)
    {
        var (content, type, json) = s_kinds[kind];

        var data = await fixture.Linked.ReceiveAsync(content, Ct);

        Assert.Equal(type, (string?)data["messageType"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), data["message"]), data["message"]!.ToJsonString());
        Assert.Null(data["contextInfo"]);
        await fixture.Linked.AgreesWithRecordAsync(data, Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_click_data_of_an_ad_is_in_the_webhook_and_in_findMessages()
    {
        var context = new ContextInfo
        {
            ConversionSource = "FB_Ads",
            ConversionData = ByteString.CopyFromUtf8("click"),
            ConversionDelaySeconds = 4,
            EntryPointConversionSource = "ctwa_ad",
            EntryPointConversionApp = "instagram",
            CtwaSignals = "signals",
            CtwaPayload = ByteString.CopyFromUtf8("payload"),
            ExternalAdReply = new ContextInfo.Types.ExternalAdReplyInfo
            {
                Title = "Promoção",
                Body = "Só hoje",
                SourceType = "ad",
                SourceId = "120210000000000001",
                SourceUrl = "https://fb.me/x",
                CtwaClid = "ARAkLkA8rmlFeiCk",
                ShowAdAttribution = true,
            },
        };
        var data = await fixture.Linked.ReceiveAsync(new Message { ExtendedTextMessage = new() { Text = "Quero saber mais", ContextInfo = context } }, Ct);

        var row = (await fixture.Linked.FindAsync((string)data["key"]!["id"]!, Ct))!;
        foreach (var shown in new[] { data["contextInfo"]!, row["contextInfo"]! })
        {
            Assert.Equal(
                ("FB_Ads", 4, "ctwa_ad", "instagram", "signals"),
                ((string?)shown["conversionSource"], (int?)shown["conversionDelaySeconds"], (string?)shown["entryPointConversionSource"], (string?)shown["entryPointConversionApp"], (string?)shown["ctwaSignals"]));
            var ad = shown["externalAdReply"]!;
            Assert.Equal(
                ("Promoção", "Só hoje", "ad", "120210000000000001", "https://fb.me/x", "ARAkLkA8rmlFeiCk", true),
                ((string?)ad["title"], (string?)ad["body"], (string?)ad["sourceType"], (string?)ad["sourceId"], (string?)ad["sourceUrl"], (string?)ad["ctwaClid"], (bool?)ad["showAdAttribution"]));
        }

        Assert.Equal(Convert.ToBase64String("payload"u8), (string?)row["contextInfo"]!["ctwaPayload"]);
    }
}
