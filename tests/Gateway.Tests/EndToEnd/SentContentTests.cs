using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Proto;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Contents without a file, from the route to what the phone decrypted, with the answer, the event and the stored row agreeing.</summary>
public sealed class SentContentTests : IAsyncLifetime
{
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_location()
    {
        var (answer, seen) = await SendAsync("sendLocation", new { number = LinkedGateway.OtherNumber, latitude = -22.9, longitude = -43.2, name = "Office", address = "Main St 1" });

        Assert.Equal("locationMessage", (string?)answer["messageType"]);
        Assert.Equal(-22.9, (double?)answer["message"]!["locationMessage"]!["degreesLatitude"]);
        Assert.Equal(
            (-22.9, -43.2, "Office", "Main St 1"),
            (seen.LocationMessage.DegreesLatitude, seen.LocationMessage.DegreesLongitude, seen.LocationMessage.Name, seen.LocationMessage.Address));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_is_told_of_a_text_has_the_context_that_Evolutions_clients_expect()
    {
        var (answer, seen) = await SendAsync("sendText", new { number = LinkedGateway.OtherNumber, text = "hello" });

        var context = answer["contextInfo"]!;
        Assert.Equal("""{"initiator":0}""", context["disappearingMode"]!.ToJsonString());
        Assert.Empty(context["mentionedJid"]!.AsArray());
        var age = (long)answer["messageTimestamp"]! - (long)context["ephemeralSettingTimestamp"]!["low"]!;
        Assert.Equal(172_800, age);
        Assert.Null(seen.ExtendedTextMessage.ContextInfo);
        Assert.DoesNotContain("extendedTextMessage", answer["message"]!.AsObject().Select(property => property.Key));
    }

    /// <param name="length">More than a frame holds; or less, while the copies for two phones are more.</param>
    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(17 << 20)]
    [InlineData(9 << 20)]
    public async Task What_fits_into_no_frame_is_refused_and_is_in_nobodys_way(int length)
    {
        var refused = await _linked.Gateway.RefusedAsync("/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text = new string('x', length) }, Ct);
        await SendAsync("sendText", new { number = LinkedGateway.OtherNumber, text = "before" });
        var told = _linked.Receiver.Events.Count;
        await _linked.ControlAsync("/v1/faults", new { @do = new { cut = true } }, Ct);
        await _linked.Receiver.WaitForAsync(e => (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "open", told, Ct);
        var (answer, _) = await SendAsync("sendText", new { number = LinkedGateway.OtherNumber, text = "after" });

        Assert.Equal("Error: The message is longer than WhatsApp takes.", (string?)refused["response"]!["message"]![0]);
        Assert.NotNull(answer["key"]);
        var stored = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { remoteJid = LinkedGateway.OtherJid } } }, Ct);
        Assert.Equal(2, (int)stored["messages"]!["total"]!);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task One_contact_and_several()
    {
        var (_, one) = await SendAsync("sendContact", new
        {
            number = LinkedGateway.OtherNumber,
            contact = new[] { new { fullName = "Ana\nB", phoneNumber = "+55 21 91234-5678", organization = "Shop", email = "a@example.com", url = "https://example.com" } },
        });

        Assert.Equal("Ana\nB", one.ContactMessage.DisplayName);
        Assert.Equal(
            """
            BEGIN:VCARD
            VERSION:3.0
            N:Ana\nB
            FN:Ana\nB
            ORG:Shop;
            EMAIL:a@example.com
            URL:https://example.com
            item1.TEL;waid=5521912345678:+55 21 91234-5678
            item1.X-ABLabel:Celular
            END:VCARD
            """,
            one.ContactMessage.Vcard);

        var (answer, two) = await SendAsync("sendContact", new
        {
            number = LinkedGateway.OtherNumber,
            contact = new[] { new { fullName = "Ana", phoneNumber = "5521912345678" }, new { fullName = "Bia", phoneNumber = "5521912345679" } },
        });
        Assert.Equal("contactsArrayMessage", (string?)answer["messageType"]);
        Assert.Equal(("2 contacts", 2), (two.ContactsArrayMessage.DisplayName, two.ContactsArrayMessage.Contacts.Count));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_reaction_names_who_wrote_the_message_whatever_the_client_says()
    {
        var (sent, _) = await SendAsync("sendText", new { number = LinkedGateway.OtherNumber, text = "react to me" });
        var id = (string)sent["key"]!["id"]!;

        var (answer, seen) = await SendAsync("sendReaction", new { key = new { remoteJid = LinkedGateway.OtherJid, fromMe = false, id }, reaction = "👍🏽" });

        Assert.Equal("reactionMessage", (string?)answer["messageType"]);
        Assert.Null(answer["contextInfo"]);
        Assert.Equal(("👍🏽", true, id), (seen.ReactionMessage.Text, seen.ReactionMessage.Key.FromMe, seen.ReactionMessage.Key.Id));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("ok")]
    [InlineData("1")]
    [InlineData("👍👍")]
    [InlineData(" ")]
    public async Task A_reaction_that_is_no_emoji_is_refused(string reaction)
    {
        var refused = await _linked.Gateway.RefusedAsync("/message/sendReaction/sales", new { key = new { remoteJid = LinkedGateway.OtherJid, fromMe = false, id = "3A01" }, reaction }, Ct);

        Assert.Equal("""["Reaction must be a single emoji or empty string"]""", refused["response"]!["message"]!.ToJsonString(Relaxed));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(1, "pollCreationMessageV3")]
    [InlineData(0, "pollCreationMessage")]
    public async Task A_poll(int selectableCount, string type)
    {
        var (answer, seen) = await SendAsync("sendPoll", new { number = LinkedGateway.OtherNumber, name = "Lunch?", selectableCount, values = new[] { "Yes", "No" } });

        Assert.Equal(type, (string?)answer["messageType"]);
        Assert.Equal(32, answer["message"]!["messageContextInfo"]!["messageSecret"]!.AsObject().Count);
        var poll = seen.PollCreationMessageV3 ?? seen.PollCreationMessage;
        Assert.Equal(("Lunch?", (uint)selectableCount), (poll.Name, poll.SelectableOptionsCount));
        Assert.Equal(["Yes", "No"], poll.Options.Select(option => option.OptionName));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_list_is_told_as_a_product_list_and_sent_as_a_plain_one()
    {
        var (answer, seen) = await SendAsync("sendList", new
        {
            number = LinkedGateway.OtherNumber,
            title = "Menu",
            description = "Pick one",
            buttonText = "Open",
            footerText = "Footer",
            sections = new[] { new { title = "Options", rows = new[] { new { title = "A", description = "first", rowId = "1" } } } },
        });

        Assert.Equal(2, (int?)answer["message"]!["listMessage"]!["listType"]);
        Assert.Equal(Message.Types.ListMessage.Types.ListType.SingleSelect, seen.ListMessage.ListType);
        Assert.Equal("1", Assert.Single(Assert.Single(seen.ListMessage.Sections).Rows).RowId);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Buttons_of_each_kind()
    {
        var (answer, seen) = await SendAsync("sendButtons", new
        {
            number = LinkedGateway.OtherNumber,
            title = "Title",
            description = "Description",
            footer = "Footer",
            buttons = new object[]
            {
                new { type = "url", displayText = "Open", url = "https://example.com/ä" },
                new { type = "call", displayText = "Call", phoneNumber = "+5511999990002" },
                new { type = "copy", displayText = "Copy", copyCode = "X1" },
            },
        });

        Assert.Equal("viewOnceMessage", (string?)answer["messageType"]);
        var interactive = seen.ViewOnceMessage.Message.InteractiveMessage;
        Assert.Equal(("*Title*\n\nDescription\n", "Footer"), (interactive.Body.Text, interactive.Footer.Text));
        Assert.Equal(
            [
                """cta_url {"display_text":"Open","url":"https://example.com/ä","merchant_url":"https://example.com/ä"}""",
                """cta_call {"display_text":"Call","phone_number":"+5511999990002"}""",
                """cta_copy {"display_text":"Copy","copy_code":"X1"}""",
            ],
            interactive.NativeFlowMessage.Buttons.Select(button => $"{button.Name} {button.ButtonParamsJson}"));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_pix_button_carries_the_key_and_an_empty_order()
    {
        var (_, seen) = await SendAsync("sendButtons", new
        {
            number = LinkedGateway.OtherNumber,
            buttons = new[] { new { type = "pix", currency = "BRL", name = "Shop", keyType = "random", key = "k-1" } },
        });

        var interactive = seen.ViewOnceMessage.Message.InteractiveMessage;
        Assert.Null(interactive.Body);
        var payment = JsonNode.Parse(Assert.Single(interactive.NativeFlowMessage.Buttons).ButtonParamsJson)!;
        Assert.Equal(11, ((string)payment["reference_id"]!).Length);
        Assert.Equal("""{"merchant_name":"Shop","key":"k-1","key_type":"EVP"}""", payment["payment_settings"]![0]!["pix_static_code"]!.ToJsonString());
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("Title", "", "*Title*")]
    [InlineData("", "Description", "Description")]
    [InlineData("", "", "")]
    public async Task Buttons_are_headed_by_what_was_given(string title, string description, string text)
    {
        var (_, seen) = await SendAsync("sendButtons", new
        {
            number = LinkedGateway.OtherNumber,
            title,
            description,
            buttons = new[] { new { type = "reply", displayText = "Yes", id = "1" } },
        });

        Assert.Equal(text, seen.ViewOnceMessage.Message.InteractiveMessage.Body.Text);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Buttons_stand_under_the_picture_of_an_address()
    {
        await using var web = await FileServer.StartAsync(context => context.Response.Body.WriteAsync(MediaSample.Jpeg, Ct).AsTask(), Ct);

        var (answer, seen) = await SendAsync("sendButtons", new
        {
            number = LinkedGateway.OtherNumber,
            thumbnailUrl = new Uri(web.Url, "tea.jpg").ToString(),
            title = "Title",
            buttons = new[] { new { type = "reply", displayText = "Yes", id = "1" } },
        });

        var header = seen.ViewOnceMessage.Message.InteractiveMessage.Header;
        Assert.True(header.HasMediaAttachment);
        Assert.Equal(SHA256.HashData(MediaSample.Jpeg), header.ImageMessage.FileSha256.ToByteArray());
        Assert.NotNull(answer["message"]!["viewOnceMessage"]!["message"]!["interactiveMessage"]!["header"]!["imageMessage"]!["jpegThumbnail"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Buttons_under_a_picture_that_is_none_are_not_sent()
    {
        var refused = await _linked.Gateway.RefusedAsync(
            "/message/sendButtons/sales",
            new { number = LinkedGateway.OtherNumber, thumbnailUrl = "/tea.jpg", title = "T", buttons = new[] { new { type = "reply", displayText = "Yes", id = "1" } } },
            Ct);

        Assert.Equal("thumbnailUrl must be the address of a picture, or base64", (string?)refused["response"]!["message"]![0]);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("""[]""", "At least one button is required")]
    [InlineData("""[{"type":"reply"},{"type":"reply"},{"type":"reply"},{"type":"reply"}]""", "Maximum of 3 reply buttons allowed")]
    [InlineData("""[{"type":"reply"},{"type":"url"}]""", "Reply buttons cannot be mixed with other button types")]
    [InlineData("""[{"type":"pix"},{"type":"pix"}]""", "Only one PIX button is allowed")]
    public async Task Buttons_that_do_not_go_together_are_refused(string buttons, string message)
    {
        var refused = await _linked.Gateway.RefusedAsync(
            "/message/sendButtons/sales", new { number = LinkedGateway.OtherNumber, title = "T", buttons = JsonNode.Parse(buttons) }, Ct);

        Assert.Equal(message, (string?)refused["response"]!["message"]![0]);
    }

    private static System.Text.Json.JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Sends, and checks what holds for every kind: the event is the answer, the row is stored, the phone saw nothing it had to object to.
    private async Task<(JsonNode Answer, Message Seen)> SendAsync(string route, object body)
    {
        var answer = await _linked.Gateway.PostAsync($"/message/{route}/sales", body, Ct);
        var id = (string)answer["key"]!["id"]!;
        Assert.Equal("PENDING", (string?)answer["status"]);
        var told = await _linked.Receiver.WaitAsync("send.message", data => (string?)data["key"]!["id"] == id, Ct);
        Assert.Equal(answer.ToJsonString(), told["data"]!.ToJsonString());
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { id } } }, Ct);
        Assert.Equal((string?)answer["messageType"], (string?)found["messages"]!["records"]![0]!["messageType"]);
        var seen = await _linked.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct);
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
        return (answer, seen.Content);
    }
}
