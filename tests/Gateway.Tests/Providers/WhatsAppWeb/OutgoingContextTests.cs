using Evolution.Gateway.Providers.Outgoing;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Google.Protobuf;

namespace Evolution.Gateway.Tests.Providers.WhatsAppWeb;

public sealed class OutgoingContextTests
{
    private static readonly Jid s_own = Jid.Parse("491700000001@s.whatsapp.net");
    private static readonly Jid s_chat = Jid.Parse("491700000002@s.whatsapp.net");

    [Fact]
    public void A_quote_does_not_give_away_the_sender_key_that_came_with_the_quoted_message() =>
        Assert.Equal(new Message { Conversation = "hello" }, Quoted(new Message
        {
            Conversation = "hello",
            SenderKeyDistributionMessage = new() { GroupId = "123@g.us", AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(1, 2, 3) },
            MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(new byte[32]) },
        }));

    [Fact]
    public void A_quote_carries_no_quote_of_its_own() =>
        Assert.Equal(
            new Message { ImageMessage = new() { Caption = "tea" } },
            Quoted(new Message { ImageMessage = new() { Caption = "tea", ContextInfo = new() { StanzaId = "3EB0", QuotedMessage = new() { Conversation = "first" } } } }));

    [Fact]
    public void A_wrapped_message_is_quoted_without_its_wrapper() =>
        Assert.Equal(
            new Message { Conversation = "gone tomorrow" },
            Quoted(new Message { EphemeralMessage = new() { Message = new() { Conversation = "gone tomorrow" } } }));

    private static Message Quoted(Message content)
    {
        var quoted = new QuotedMessage("3EB0A1", null, null, FromMe: false, content.ToByteArray());
        var context = OutgoingContext.Of(new OutgoingMessage { To = s_chat, Content = new OutgoingText("an answer", Preview: null), Quoted = quoted }, s_own);
        return context!.QuotedMessage;
    }
}
