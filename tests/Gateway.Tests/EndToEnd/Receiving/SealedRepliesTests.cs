using System.Security.Cryptography;
using System.Text;
using Evolution.Proto;
using Evolution.Protocol.Secrets;
using Google.Protobuf;
using SecretEncType = Evolution.Proto.Message.Types.SecretEncryptedMessage.Types.SecretEncType;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>What phones seal under the secret of the message that it is about: opened, it is what it would have been in the open.</summary>
public sealed class SealedRepliesTests(LinkedGatewayFixture fixture) : IClassFixture<LinkedGatewayFixture>
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(MessageSecretBox.SecretSize);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private LinkedGateway Linked => fixture.Linked;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_sealed_edit_is_told_like_an_open_one_and_so_is_the_next()
    {
        var id = await ReceiveAsync(new Message { Conversation = "teh text" });
        foreach (var text in new[] { "the text", "the final text" })
        {
            var (iv, box) = Seal(id, MessageSecretBox.Edit, new Message { Conversation = text });
            await Linked.SendAsync(new Message { SecretEncryptedMessage = new() { TargetMessageKey = Key(id), SecretEncType = SecretEncType.MessageEdit, EncIv = iv, EncPayload = box } });

            var told = (await Linked.Receiver.WaitAsync("messages.edited", data => (string?)data["key"]!["id"] == id && (string?)data["editedMessage"]!["conversation"] == text, Ct))["data"]!;
            Assert.Equal(
                $$$"""{"key":{"remoteJid":"{{{LinkedGateway.OtherJid}}}","fromMe":false,"id":"{{{id}}}"},"type":"MESSAGE_EDIT","editedMessage":{"conversation":"{{{text}}}"}}""",
                told.ToJsonString());
            Assert.Equal(text, (string?)(await Linked.FindAsync(id, Ct))!["message"]!["conversation"]);
        }

        Assert.Equal(["messages.upsert", "messages.edited", "messages.edited"], Linked.EventsOf(id));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_open_edit_leaves_the_secret_by_which_the_next_one_is_sealed()
    {
        var id = await ReceiveAsync(new Message { Conversation = "teh text" });
        await Linked.SendAsync(new Message
        {
            EditedMessage = new()
            {
                Message = new()
                {
                    ProtocolMessage = new() { Key = Key(id), Type = Message.Types.ProtocolMessage.Types.Type.MessageEdit, EditedMessage = new() { Conversation = "the text" } },
                },
            },
        });
        var (iv, box) = Seal(id, MessageSecretBox.Edit, new Message { Conversation = "the final text" });
        await Linked.SendAsync(new Message { SecretEncryptedMessage = new() { TargetMessageKey = Key(id), SecretEncType = SecretEncType.MessageEdit, EncIv = iv, EncPayload = box } });

        await Linked.Receiver.WaitAsync("messages.edited", data => (string?)data["key"]!["id"] == id && (string?)data["editedMessage"]!["conversation"] == "the final text", Ct);
        var row = (await Linked.FindAsync(id, Ct))!;
        Assert.Equal(("the final text", Convert.ToBase64String(_secret)), ((string?)row["message"]!["conversation"], (string?)row["message"]!["messageContextInfo"]!["messageSecret"]));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_changed_invitation_is_an_edit()
    {
        var id = await ReceiveAsync(new Message { EventMessage = new() { Name = "Lunch", StartTime = 1_900_000_000 } });
        var (iv, box) = Seal(id, MessageSecretBox.EventEdit, new Message { EventMessage = new() { Name = "Dinner", StartTime = 1_900_020_000 } });

        await Linked.SendAsync(new Message { SecretEncryptedMessage = new() { TargetMessageKey = Key(id), SecretEncType = SecretEncType.EventEdit, EncIv = iv, EncPayload = box } });

        await Linked.Receiver.WaitAsync("messages.edited", data => (string?)data["editedMessage"]!["eventMessage"]?["name"] == "Dinner", Ct);
        Assert.Equal("Dinner", (string?)(await Linked.FindAsync(id, Ct))!["message"]!["eventMessage"]!["name"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_sealed_reaction_comes_as_a_reaction_and_one_that_can_t_be_opened_as_it_is()
    {
        var id = await ReceiveAsync(new Message { Conversation = "nice?" });
        var (iv, box) = Seal(id, MessageSecretBox.Reaction, new Message.Types.ReactionMessage { Text = "👍", SenderTimestampMs = 1 });

        var opened = await Linked.ReceiveAsync(new Message { EncReactionMessage = new() { TargetMessageKey = Key(id), EncIv = iv, EncPayload = box } }, Ct);
        var closed = await Linked.ReceiveAsync(new Message { EncReactionMessage = new() { TargetMessageKey = Key("3EB0UNKNOWN"), EncIv = iv, EncPayload = box } }, Ct);

        Assert.Equal(("reactionMessage", "👍", id), ((string?)opened["messageType"], (string?)opened["message"]!["reactionMessage"]!["text"], (string?)opened["message"]!["reactionMessage"]!["key"]!["id"]));
        Assert.Equal("encReactionMessage", (string?)closed["messageType"]);
        Assert.Equal(12, closed["message"]!["encReactionMessage"]!["encIv"]!.AsObject().Count);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_sealed_comment_comes_as_a_comment()
    {
        var id = await ReceiveAsync(new Message { Conversation = "what do you think?" });
        var (iv, box) = Seal(id, MessageSecretBox.Comment, new Message { ExtendedTextMessage = new() { Text = "a lot" } });

        var data = await Linked.ReceiveAsync(new Message { EncCommentMessage = new() { TargetMessageKey = Key(id), EncIv = iv, EncPayload = box } }, Ct);

        Assert.Equal("commentMessage", (string?)data["messageType"]);
        var comment = data["message"]!["commentMessage"]!;
        Assert.Equal(("a lot", id), ((string?)comment["message"]!["extendedTextMessage"]!["text"], (string?)comment["targetMessageKey"]!["id"]));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_answer_to_an_invitation_comes_with_what_it_says_beside_it()
    {
        var id = await ReceiveAsync(new Message { EventMessage = new() { Name = "Lunch", StartTime = 1_900_000_000 } });
        var answer = new Message.Types.EventResponseMessage { Response = Message.Types.EventResponseMessage.Types.EventResponseType.Going, TimestampMs = 5, ExtraGuestCount = 2 };
        var (iv, box) = Seal(id, MessageSecretBox.EventResponse, answer);

        var data = await Linked.ReceiveAsync(new Message { EncEventResponseMessage = new() { EventCreationMessageKey = Key(id), EncIv = iv, EncPayload = box } }, Ct);

        Assert.Equal("encEventResponseMessage", (string?)data["messageType"]);
        Assert.Equal((1, 2), ((int?)data["message"]!["eventResponseMessage"]!["response"], (int?)data["message"]!["eventResponseMessage"]!["extraGuestCount"]));
        await Linked.AgreesWithRecordAsync(data, Ct);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("pollCreationMessage")]
    [InlineData("pollCreationMessageV2")]
    [InlineData("pollCreationMessageV3")]
    [InlineData("pollCreationMessageV4")]
    [InlineData("pollCreationMessageV5")]
    public async Task A_vote_on_a_poll_of_any_version_counts(string version)
    {
        var poll = new Message.Types.PollCreationMessage { Name = "Lunch?", Options = { Option("Sim"), Option("Não") } };
        var content = new Message();
        ContentSamples.Kind(version).Accessor.SetValue(
            content, version.EndsWith("V4", StringComparison.Ordinal) ? new Message.Types.FutureProofMessage { Message = new() { PollCreationMessageV3 = poll } } : poll);
        var id = await ReceiveAsync(content);
        var (iv, box) = Seal(id, MessageSecretBox.PollVote, new Message.Types.PollVoteMessage { SelectedOptions = { ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes("Não"))) } });

        var vote = await Linked.SendAsync(new Message { PollUpdateMessage = new() { PollCreationMessageKey = Key(id), Vote = new() { EncIv = iv, EncPayload = box }, SenderTimestampMs = 1 } });

        var told = (await Linked.Receiver.WaitAsync("messages.update", data => (string?)data["keyId"] == id, Ct))["data"]!;
        Assert.Equal($$"""[{"name":"Sim","voters":[]},{"name":"Não","voters":["{{LinkedGateway.OtherJid}}"]}]""", told["pollUpdates"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Empty(Linked.EventsOf(vote));
    }

    private static Message.Types.PollCreationMessage.Types.Option Option(string name) => new() { OptionName = name };

    // Bob seals what he says about a message of his own, and names it as he sees it.
    private static MessageKey Key(string id) => new() { RemoteJid = $"{LinkedGateway.OwnNumber}@s.whatsapp.net", FromMe = true, Id = id };

    private (ByteString Iv, ByteString Box) Seal(string id, string purpose, IMessage reply)
    {
        var iv = RandomNumberGenerator.GetBytes(12);
        var box = new MessageSecretBox(id, Linked.Other.Jid, Linked.Other.Jid, purpose).Seal(_secret, iv, reply.ToByteArray());
        return (ByteString.CopyFrom(iv), ByteString.CopyFrom(box));
    }

    private async Task<string> ReceiveAsync(Message content)
    {
        content.MessageContextInfo = new MessageContextInfo { MessageSecret = ByteString.CopyFrom(_secret) };
        return (string)(await Linked.ReceiveAsync(content, Ct))["key"]!["id"]!;
    }
}
