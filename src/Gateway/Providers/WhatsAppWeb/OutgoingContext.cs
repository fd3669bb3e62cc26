using Evolution.Client.Messages;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>What a content says about itself: what it answers to, whom it mentions, and how long it stays.</summary>
internal static class OutgoingContext
{
    /// <returns>Null when there is nothing to say.</returns>
    public static ContextInfo? Of(OutgoingMessage message, Jid own)
    {
        var context = new ContextInfo();
        if (message.Quoted is { } quoted)
            Quote(context, quoted, message.To, own);
        context.MentionedJid.AddRange(message.Mentioned.Select(jid => jid.ToString()));
        if (message.Expiration is { } seconds)
            context.Expiration = seconds;
        return context.CalculateSize() > 0 ? context : null;
    }

    private static void Quote(ContextInfo context, QuotedMessage quoted, Jid to, Jid own)
    {
        var chat = quoted.Chat ?? to;
        context.StanzaId = quoted.Id;
        context.Participant = (quoted.FromMe ? own : quoted.Sender ?? chat).ToString();
        context.QuotedMessage = ContentAlone(Message.Parser.ParseFrom(quoted.Content.Span));
        if (chat != to)
            context.RemoteJid = chat.ToString();
    }

    // What is quoted is the content itself (Baileys Utils/messages.ts, generateWAMessageFromContent), out of its wrappers: not what its author said about
    // it or quoted in turn, and not the sender key that came along, which would open his messages to another chat.
    private static Message ContentAlone(Message message)
    {
        var content = MessageContents.Unwrap(message);
        content.MessageContextInfo = null;
        content.SenderKeyDistributionMessage = null;
        content.FastRatchetKeySenderKeyDistributionMessage = null;
        foreach (var field in Message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field is { FieldType: FieldType.Message, IsRepeated: false } && field.Accessor.GetValue(content) is IMessage { } part)
                ContentContext.Clear(part);
        }

        return content;
    }
}
