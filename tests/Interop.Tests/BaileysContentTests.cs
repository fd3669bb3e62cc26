using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Proto;
using Google.Protobuf;
using Xunit;

namespace Evolution.Interop.Tests;

/// <summary>Kinds of messages between our client and Baileys, both ways.</summary>
public abstract class BaileysContentTests : PeerGroupsTests
{
    private const string Card = "BEGIN:VCARD\nVERSION:3.0\nFN:Dora\nTEL;type=CELL;waid=5511999990009:+55 11 99999-0009\nEND:VCARD";

    // What we send, and where Baileys must find which value.
    private static readonly Dictionary<string, (Func<Message> Make, string Path, string Value)> Ours = new()
    {
        ["location"] = (() => new Message { LocationMessage = new() { DegreesLatitude = -23.5, DegreesLongitude = -46.6, Name = "Home" } }, "locationMessage.name", "Home"),
        ["live location"] = (() => new Message { LiveLocationMessage = new() { DegreesLatitude = -23.5, DegreesLongitude = -46.6, Caption = "on my way" } }, "liveLocationMessage.caption", "on my way"),
        ["contact"] = (() => new Message { ContactMessage = new() { DisplayName = "Dora", Vcard = Card } }, "contactMessage.vcard", Card),
        ["contacts"] = (
            () => new Message { ContactsArrayMessage = new() { DisplayName = "2 contacts", Contacts = { new Message.Types.ContactMessage { DisplayName = "Dora", Vcard = Card } } } },
            "contactsArrayMessage.displayName",
            "2 contacts"),
        ["poll"] = (
            () => new Message
            {
                MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)) },
                PollCreationMessageV3 = new() { Name = "Tea?", SelectableOptionsCount = 1, Options = { new Message.Types.PollCreationMessage.Types.Option { OptionName = "Yes" } } },
            },
            "pollCreationMessageV3.name",
            "Tea?"),
        ["list"] = (() => new Message { ListMessage = new() { Title = "Menu", ButtonText = "Choose" } }, "listMessage.buttonText", "Choose"),
        ["view once"] = (
            () => new Message { ViewOnceMessage = new() { Message = new Message { InteractiveMessage = new() { Body = new() { Text = "Pick one" } } } } },
            "viewOnceMessage.message.interactiveMessage.body.text",
            "Pick one"),
        ["group invite"] = (() => new Message { GroupInviteMessage = new() { GroupJid = "120363000000000009@g.us", InviteCode = "abc", GroupName = "Club" } }, "groupInviteMessage.groupName", "Club"),
        ["product"] = (() => new Message { ProductMessage = new() { Product = new() { Title = "Tea" } } }, "productMessage.product.title", "Tea"),
        ["event"] = (
            () => new Message
            {
                MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)) },
                EventMessage = new() { Name = "Tea time", StartTime = 1_800_000_000 },
            },
            "eventMessage.name",
            "Tea time"),
    };

    // What Baileys makes, and what of it must reach us.
    private static readonly Dictionary<string, (object Content, Func<Message, string?> Read, string Value)> Theirs = new()
    {
        ["location"] = (new { location = new { degreesLatitude = -23.5, degreesLongitude = -46.6, name = "Home" } }, message => message.LocationMessage?.Name, "Home"),
        ["contact"] = (new { contacts = new { displayName = "Dora", contacts = new[] { new { vcard = Card } } } }, message => message.ContactMessage?.Vcard, Card),
        ["poll"] = (new { poll = new { name = "Tea?", values = new[] { "Yes", "No" }, selectableCount = 1 } }, message => message.PollCreationMessageV3?.Name, "Tea?"),
        ["poll of several"] = (new { poll = new { name = "Tea?", values = new[] { "Yes", "No" }, selectableCount = 2 } }, message => message.PollCreationMessage?.Name, "Tea?"),
    };

    public static TheoryData<string> OurKinds => [.. Ours.Keys];

    public static TheoryData<string> TheirKinds => [.. Theirs.Keys];

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(OurKinds))]
    public async Task A_content_of_ours_is_understood(string kind)
    {
        var (make, path, value) = Ours[kind];
        var before = With.Peer.Position;

        var id = (await With.Ours.Client.Messages.SendAsync(With.PeerPhone.Jid, make(), null, Ct)).Id;

        await With.Peer.WaitAsync("message", e => (string?)e["id"] == id && e["kinds"]!.AsArray().Count > 0, before, Ct);
        var found = path.Split('.').Aggregate(await With.Peer.CallAsync("content", new { message = id }, Ct), (node, name) => node?[name]);
        Assert.Equal(value, (string?)found);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(TheirKinds))]
    [Trait("Gate", "yes")]
    public async Task A_content_of_theirs_is_understood(string kind)
    {
        var (content, read, value) = Theirs[kind];
        var before = With.Ours.Events.Position;

        var id = (string)(await With.Peer.CallAsync("send", new { to = With.OurPhone.Jid.ToString(), content }, Ct))!["id"]!;

        Assert.Equal(value, read((await With.Ours.ReceivedAsync(id, before, Ct)).Content));
    }

    [Fact(Timeout = TestLimit.Ms)]
    [Trait("Gate", "yes")]
    public async Task Reactions_edits_and_deletions_of_theirs_are_understood()
    {
        var before = With.Ours.Events.Position;
        var to = With.OurPhone.Jid.ToString();
        var id = await With.Peer.SendTextAsync(With.OurPhone.Jid, "first words", Ct);
        await With.Ours.ReceivedAsync(id, before, Ct);
        var key = new { remoteJid = to, fromMe = true, id };

        var reaction = await With.Ours.ReceivedAsync(await SendAsync(new { react = new { text = "👍", key } }), before, Ct);
        var edit = await With.Ours.ReceivedAsync(await SendAsync(new { text = "second words", edit = key }), before, Ct);
        var deletion = await With.Ours.ReceivedAsync(await SendAsync(new { delete = key }), before, Ct);

        Assert.Equal(("👍", id), (reaction.Content.ReactionMessage.Text, reaction.Content.ReactionMessage.Key.Id));
        var edited = (edit.Content.EditedMessage?.Message ?? edit.Content).ProtocolMessage;
        Assert.Equal((Message.Types.ProtocolMessage.Types.Type.MessageEdit, id), (edited.Type, edited.Key.Id));
        Assert.Equal((Message.Types.ProtocolMessage.Types.Type.Revoke, id), (deletion.Content.ProtocolMessage.Type, deletion.Content.ProtocolMessage.Key.Id));

        async Task<string> SendAsync(object content) => (string)(await With.Peer.CallAsync("send", new { to, content }, Ct))!["id"]!;
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("Image", "image/jpeg")]
    [InlineData("Video", "video/mp4")]
    [InlineData("VideoNote", "video/mp4")]
    [InlineData("Audio", "audio/mpeg")]
    [InlineData("Voice", "audio/ogg; codecs=opus")]
    [InlineData("Document", "application/pdf")]
    [InlineData("Sticker", "image/webp")]
    [Trait("Gate", "yes")]
    public async Task A_file_of_ours_is_downloaded(string name, string mimetype)
    {
        var kind = Enum.Parse<OutgoingMediaKind>(name);
        var bytes = RandomNumberGenerator.GetBytes(50_000);
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, bytes, Ct);
            var media = new OutgoingMedia(kind, new StoredMedia(SHA256.HashData(bytes), path, bytes.Length), mimetype) { FileName = "a.bin" };
            await using var file = media.File.Open();
            var uploaded = await With.Ours.Client.Media.UploadAsync(file, OutgoingFiles.UploadKindOf(kind), Ct);
            var before = With.Peer.Position;

            var id = (await With.Ours.Client.Messages.SendAsync(With.PeerPhone.Jid, OutgoingFiles.Of(media, uploaded, null, TimeProvider.System.GetUtcNow()), null, Ct)).Id;

            await With.Peer.WaitAsync("message", e => (string?)e["id"] == id && e["kinds"]!.AsArray().Count > 0, before, Ct);
            var seen = (JsonObject)(await With.Peer.CallAsync("download", new { message = id }, Ct))!;
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), (string?)seen["sha256"]);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
