using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>What a content says about itself: what it answers to and whom it mentions.</summary>
internal static class OutgoingContext
{
    /// <returns>Null when there is nothing to say.</returns>
    public static ContextInfo? Of(OutgoingMessage message, Jid own)
    {
        var context = new ContextInfo();
        if (message.Quoted is { } quoted)
            Quote(context, quoted, message.To, own);
        context.MentionedJid.AddRange(message.Mentioned.Select(jid => jid.ToString()));
        return context.CalculateSize() > 0 ? context : null;
    }

    private static void Quote(ContextInfo context, QuotedMessage quoted, Jid to, Jid own)
    {
        var message = Message.Parser.ParseFrom(quoted.Content.Span);
        message.MessageContextInfo = null;
        // A quote inside the quoted message is not carried along.
        if (message.ExtendedTextMessage is { } text)
            text.ContextInfo = null;
        var chat = quoted.Chat ?? to;
        context.StanzaId = quoted.Id;
        context.Participant = (quoted.FromMe ? own : quoted.Sender ?? chat).ToString();
        context.QuotedMessage = message;
        if (chat != to)
            context.RemoteJid = chat.ToString();
    }
}
