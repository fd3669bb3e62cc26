using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>What Automagik Omni sends, with its bodies: the token for a key, numbers without their server, any file as base64.</summary>
public sealed class OmniSendingTests : IAsyncLifetime
{
    private OmniWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await OmniWorld.StartAsync(Ct);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("/message/sendText/")]
    [InlineData("//message/sendText/")]
    public async Task A_text_to_a_person(string route)
    {
        await _world.LinkAsync(Ct);

        var sent = await _world.Sender.PostAsync(route + OmniWorld.Instance, new { number = OmniClient.Number($"+{OmniWorld.OtherNumber}@s.whatsapp.net"), text = "Hello" }, Ct);

        Assert.Equal("Hello", (await SeenAsync(sent)).Text);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_to_a_group_whose_number_is_all_there_is_with_mentions_of_some_and_of_all()
    {
        await _world.LinkAsync(Ct);
        var group = await _world.Simulator.World.CreateGroupAsync(OmniWorld.OtherNumber, "Club", [OmniWorld.OwnNumber]);
        var number = OmniClient.Number(group.ToString());

        var some = await SendAsync("sendText", new { number, text = $"Hello @{OmniWorld.OtherNumber}", mentioned = (string[])[$"{OmniWorld.OtherNumber}@s.whatsapp.net"] });
        var all = await SendAsync("sendText", new { number, text = "Hello everybody", mentionsEveryOne = true });

        Assert.Equal(group.ToString(), (string?)some["key"]!["remoteJid"]);
        Assert.Single((await SeenAsync(some)).Content.ExtendedTextMessage.ContextInfo.MentionedJid);
        Assert.Equal(2, (await SeenAsync(all)).Content.ExtendedTextMessage.ContextInfo.MentionedJid.Count);
        // To a person a mention means nothing, and is no reason to refuse the text: Omni would take the refusal for a success.
        var person = await SendAsync("sendText", new { number = OmniWorld.OtherNumber, text = "Hello @5511999990009", mentioned = (string[])["5511999990009@s.whatsapp.net"] });
        await SeenAsync(person);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("5511999990099")]
    [InlineData("status")]
    [InlineData("123456789012345")]
    public async Task A_text_to_nobody_is_a_400_with_an_object(string number)
    {
        await _world.LinkAsync(Ct);

        var refused = await Assert.ThrowsAsync<OmniException>(() => SendAsync("sendText", new { number, text = "Anybody?" }));

        Assert.Equal((HttpStatusCode.BadRequest, 400), (refused.Status, (int)refused.Body["status"]!));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_of_an_instance_that_is_not_connected_fails()
    {
        await _world.CreateAsync(Ct);

        var refused = await Assert.ThrowsAsync<OmniException>(() => SendAsync("sendText", new { number = OmniWorld.OtherNumber, text = "Hello" }));

        Assert.NotEmpty(refused.Body);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("image", "application/octet-stream", "imageMessage")]
    [InlineData("image", "image/jpeg", "imageMessage")]
    [InlineData("video", "video/mp4", "videoMessage")]
    [InlineData("document", "application/octet-stream", "documentMessage")]
    [InlineData("audio", "audio/mpeg", "audioMessage")]
    [InlineData("audio", "audio/ogg; codecs=opus", "audioMessage")]
    public async Task A_file_as_bare_base64(string mediatype, string mimetype, string messageType)
    {
        await _world.LinkAsync(Ct);
        var bytes = mediatype == "audio" ? MediaSample.Opus(2) : MediaSample.Jpeg;

        var sent = await SendAsync(
            "sendMedia", new { number = OmniWorld.OtherNumber, mediatype, media = Convert.ToBase64String(bytes), mimetype, caption = "Look", fileName = "file.bin", ptt = true });

        Assert.Equal(messageType, (string?)sent["messageType"]);
        await SeenAsync(sent);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_document_as_base64_without_a_name_is_a_400()
    {
        await _world.LinkAsync(Ct);

        var refused = await Assert.ThrowsAsync<OmniException>(() => SendAsync(
            "sendMedia", new { number = OmniWorld.OtherNumber, mediatype = "document", media = MediaSample.JpegBase64, mimetype = "application/octet-stream" }));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_voice_note_a_sticker_a_contact_and_a_reaction()
    {
        await _world.LinkAsync(Ct);
        const string number = OmniWorld.OtherNumber;

        var voice = await SeenAsync(await SendAsync("sendWhatsAppAudio", new { number, audio = Convert.ToBase64String(MediaSample.Opus(2)) }));
        var sticker = await SeenAsync(await SendAsync("sendSticker", new { number, sticker = Convert.ToBase64String(MediaSample.Png) }));
        var contact = await SeenAsync(await SendAsync(
            "sendContact",
            new { number, contact = new[] { new { fullName = "Carol", phoneNumber = "5511999990003", email = "carol@example.com", organization = "Club", url = "https://example.com" } } }));

        Assert.True(voice.Content.AudioMessage.Ptt);
        Assert.Equal("image/webp", sticker.Content.StickerMessage.Mimetype);
        Assert.Equal("Carol", contact.Content.ContactMessage.DisplayName);
        // Its reactions never say that a message is its own.
        var reaction = await SeenAsync(await SendAsync("sendReaction", new { key = new { remoteJid = $"{number}@s.whatsapp.net", fromMe = false, id = sticker.Id }, reaction = "👍" }));
        Assert.Equal(("👍", sticker.Id, true), (reaction.Content.ReactionMessage.Text, reaction.Content.ReactionMessage.Key.Id, reaction.Content.ReactionMessage.Key.FromMe));
        Assert.Empty(_world.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Paused_after_an_answer_ends_the_typing_before_it_and_keeps_nobody_waiting()
    {
        await _world.LinkAsync(Ct);
        object Presence(string presence, int delay) => new { number = OmniWorld.OtherNumber, presence, delay };
        var route = OmniWorld.To("/chat/sendPresence");

        // From a thread of its own; nobody waits ten minutes here.
        var typing = _world.Sender.PostAsync(route, Presence("composing", 600_000), Ct);
        JsonNode paused;
        do
            paused = await _world.Sender.PostAsync(route, Presence("paused", 600_000), Ct);
        while (!typing.IsCompleted);

        Assert.Equal(("paused", "composing"), ((string?)paused["presence"], (string?)(await typing)["presence"]));
    }

    private Task<JsonNode> SendAsync(string route, object body) => _world.Sender.PostAsync(OmniWorld.To($"/message/{route}"), body, Ct);

    private async Task<PhoneMessage> SeenAsync(JsonNode sent)
    {
        Assert.Equal((true, "PENDING"), ((bool)sent["key"]!["fromMe"]!, (string?)sent["status"]));
        Assert.Equal(JsonValueKind.Number, sent["messageTimestamp"]!.GetValueKind());
        Assert.IsType<JsonObject>(sent["message"]);
        var id = (string)sent["key"]!["id"]!;
        return await _world.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct);
    }
}
