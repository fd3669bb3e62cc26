using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Proto;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>What Automagik Omni's webhook gets, and what it makes of it: it answers every body, so none may come that is no new message of others.</summary>
public sealed class OmniWebhookTests : WithLinkedOmni
{
    private protected override PastSpec? Past => new(Chats: 2, MessagesPerChat: 3);

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_is_answered_with_what_came_along(bool byLid)
    {
        await _world.Other.SetAddressingAsync(byLid);

        var message = await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello"), Ct);

        Assert.Equal((OmniWorld.OtherNumber, "[Bob]: Hello"), (message.User, message.Text));
        // Its older version has nothing but the body to answer by.
        Assert.Equal($"http://localhost:18082/message/sendText/{OmniWorld.Instance}", message.ReplyTo);
        Assert.Equal(_world.Token, message.ReplyKey);
        var sent = await _world.Sender.PostAsync(new Uri(message.ReplyTo).AbsolutePath, new { number = message.User, text = "Hello Bob" }, Ct);
        await _world.Other.WaitForMessageAsync(seen => seen.Id == (string?)sent["key"]!["id"], ct: Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_reply_comes_as_a_text_with_its_quote_beside()
    {
        var reply = new Message
        {
            ExtendedTextMessage = new Message.Types.ExtendedTextMessage
            {
                Text = "That one",
                ContextInfo = new ContextInfo { StanzaId = "3EB0QUOTED", Participant = $"{OmniWorld.OwnNumber}@s.whatsapp.net", QuotedMessage = new Message { Conversation = "Which?" } },
            },
        };

        var message = await _world.ReadAsync(await _world.Other.SendAsync(OmniWorld.OwnNumber, reply), Ct);

        Assert.Equal(("[Bob]: That one", "Which?"), (message.Text, message.Quoted));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("image")]
    [InlineData("video")]
    [InlineData("audio")]
    [InlineData("document")]
    public async Task A_file_comes_with_an_address_and_its_bytes(string kind)
    {
        var message = await _world.ReadAsync(await PhoneSendsAsync(kind, MediaSample.Jpeg, kind == "audio" ? null : "Look"), Ct);

        Assert.Equal(kind == "audio" ? "[Bob]: " : "[Bob]: Look", message.Text);
        Assert.Equal(MediaSample.Jpeg, message.File);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_file_that_can_not_be_had_comes_without_its_bytes()
    {
        using var control = new HttpClient { BaseAddress = _world.Simulator.ControlUrl };
        (await control.PostAsJsonAsync("/v1/faults", new { when = new { count = 2 }, @do = new { mediaStatus = 410 } }, Ct)).EnsureSuccessStatusCode();

        var message = await _world.ReadAsync(await PhoneSendsAsync("image", MediaSample.Png, "Gone"), Ct);

        Assert.Equal(("[Bob]: Gone", null), (message.Text, message.File));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_its_agent_does_not_read_does_not_break_it()
    {
        var text = await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello");
        Message[] others =
        [
            new() { ReactionMessage = new() { Text = "👍", Key = new MessageKey { Id = text, RemoteJid = $"{OmniWorld.OwnNumber}@s.whatsapp.net", FromMe = true } } },
            new() { LocationMessage = new() { DegreesLatitude = -23.5, DegreesLongitude = -46.6 } },
            new() { ContactMessage = new() { DisplayName = "Carol", Vcard = "BEGIN:VCARD\nEND:VCARD" } },
        ];

        foreach (var content in others)
            Assert.Null((await _world.ReadAsync(await _world.Other.SendAsync(OmniWorld.OwnNumber, content), Ct)).Text);
        Assert.Null((await _world.ReadAsync(await PhoneSendsAsync("sticker", MediaSample.WebP, null), Ct)).Text);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_group_is_answered_as_a_group()
    {
        var group = await _world.Simulator.World.CreateGroupAsync(OmniWorld.OtherNumber, "Club", [OmniWorld.OwnNumber]);

        var message = await _world.ReadAsync(await _world.Other.SendTextAsync(group.ToString(), "Hello all"), Ct);

        Assert.Equal((group.User, "[Bob]: Hello all"), (message.User, message.Text));
        var sent = await _world.Sender.PostAsync(OmniWorld.To("/message/sendText"), new { number = message.User, text = "Hello Club" }, Ct);
        await _world.Other.WaitForMessageAsync(seen => seen.Id == (string?)sent["key"]!["id"], ct: Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task History_what_it_sent_itself_and_what_it_did_not_subscribe_to_never_come()
    {
        await _world.Ears.WaitAsync("messages.set", null, Ct);
        var sent = await _world.Sender.PostAsync(OmniWorld.To("/message/sendText"), new { number = OmniWorld.OtherNumber, text = "Hello Bob" }, Ct);
        var own = (string)sent["key"]!["id"]!;
        await _world.Ears.WaitAsync("send.message", data => (string?)data["key"]!["id"] == own, Ct);
        await _world.Other.WaitForMessageAsync(seen => seen.Id == own, ct: Ct);
        await _world.Other.ReadAsync(OmniWorld.OwnNumber, [own]);
        var first = await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "one");
        await _world.Other.SendAsync(
            OmniWorld.OwnNumber,
            new Message { ProtocolMessage = new() { Type = Message.Types.ProtocolMessage.Types.Type.Revoke, Key = new MessageKey { Id = first, FromMe = true, RemoteJid = $"{OmniWorld.OwnNumber}@s.whatsapp.net" } } });
        var last = await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "two");

        await _world.ReadAsync(last, Ct);

        Assert.Equal([("messages.upsert", first), ("messages.upsert", last)], _world.Webhook.Events.Select(e => ((string)e["event"]!, (string)e["data"]!["key"]!["id"]!)));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Another_try_is_made_where_it_can_help_and_nowhere_else()
    {
        int[] final = [400, 401, 403, 404, 413, 422];
        foreach (var status in final)
        {
            var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _world.Webhook.BeforeAnswer = _ =>
            {
                answered.TrySetResult();
                return Task.CompletedTask;
            };
            _world.Webhook.Answers.Enqueue(status);
            await _world.Other.SendTextAsync(OmniWorld.OwnNumber, $"{status}");
            await answered.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        }

        _world.Webhook.Answers.Enqueue(500);
        _world.Webhook.Answers.Enqueue(503);
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello"), Ct);

        Assert.Single(_world.Webhook.Events);
        var letters = (await _world.Omni.GetAsync(OmniWorld.To("/webhook/deadLetters"), Ct))["records"]!.AsArray();
        Assert.Equal(final.Length, letters.Count);
        Assert.All(letters, letter => Assert.Equal(1, (int)letter!["attempts"]!));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_receiver_that_hangs_holds_up_no_other_instance()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Ct);
        await OmniWorld.CreateAsync(_world.Omni, "second", receiver.Url, Ct);
        var carol = await _world.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        await _world.LinkAsync("second", carol, Ct);
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Webhook.BeforeAnswer = _ =>
        {
            hangs.TrySetResult();
            return released.Task;
        };

        try
        {
            await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello first");
            await hangs.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
            var id = await _world.Other.SendTextAsync(carol.Number, "Hello second");

            await receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
            Assert.Empty(_world.Webhook.Events);
        }
        finally
        {
            released.SetResult();
        }
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task After_a_deletion_what_still_waited_does_not_come()
    {
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Webhook.BeforeAnswer = _ =>
        {
            tried.TrySetResult();
            return Task.CompletedTask;
        };
        _world.Webhook.Answers.Enqueue(500);
        var waiting = await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello");
        await tried.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        await _world.Sender.DeleteAsync(OmniWorld.To("/instance/delete"), Ct);

        // Its next try would have been due before this one, which fails once too.
        await OmniWorld.CreateAsync(_world.Omni, OmniWorld.Instance, _world.Webhook.Url, Ct);
        var carol = await _world.Simulator.World.CreatePhoneAsync("5511999990003", "Carol");
        var before = _world.Ears.Events.Count;
        await carol.ScanAsync((string)(await _world.QrCodeAsync(OmniWorld.Instance, Ct))["code"]!, ct: Ct);
        await _world.Ears.WaitForAsync(e => OmniWorld.IsOpen(e), before, Ct);
        _world.Webhook.Answers.Enqueue(500);
        await _world.ReadAsync(await _world.Other.SendTextAsync(carol.Number, "Hello again"), Ct);

        Assert.DoesNotContain(_world.Webhook.Events, e => (string?)e["data"]!["key"]!["id"] == waiting);
    }

    private async Task<string> PhoneSendsAsync(string kind, byte[] bytes, string? caption)
    {
        using var control = new HttpClient { BaseAddress = _world.Simulator.ControlUrl };
        var file = new Dictionary<string, object?> { ["base64"] = Convert.ToBase64String(bytes), ["mimetype"] = "application/octet-stream" };
        if (caption is not null)
            file["caption"] = caption;
        using var answer = await control.PostAsJsonAsync($"/v1/phones/{OmniWorld.OtherNumber}/messages", new Dictionary<string, object> { ["to"] = OmniWorld.OwnNumber, [kind] = file }, Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!["id"]!;
    }
}
