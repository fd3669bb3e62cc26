using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Builds edits and deletions (Baileys: src/Utils/messages.ts; it sends an edit bare, WhatsApp's own clients wrap it).</summary>
internal static class OutgoingChanges
{
    public static Message.Types.ProtocolMessage Of(OutgoingEdit edit, Jid chat, DateTimeOffset now) => new()
    {
        Key = new MessageKey { RemoteJid = chat.ToString(), FromMe = true, Id = edit.Id },
        Type = ProtocolType.MessageEdit,
        EditedMessage = Edited(edit),
        TimestampMs = now.ToUnixTimeMilliseconds(),
    };

    public static Message.Types.ProtocolMessage Of(OutgoingRevoke revoke, Jid chat)
    {
        var key = new MessageKey { RemoteJid = chat.ToString(), FromMe = revoke.FromMe, Id = revoke.Id };
        if (revoke.Sender is { } sender)
            key.Participant = sender.ToString();
        return new Message.Types.ProtocolMessage { Key = key, Type = ProtocolType.Revoke };
    }

    private static Message Edited(OutgoingEdit edit)
    {
        if (edit.Media is not { } media)
            return new Message { ExtendedTextMessage = new Message.Types.ExtendedTextMessage { Text = edit.Text } };
        var message = Message.Parser.ParseFrom(media.Span);
        message.MessageContextInfo = null;
        if (message.ImageMessage is { } image)
            image.Caption = edit.Text;
        if (message.VideoMessage is { } video)
            video.Caption = edit.Text;
        return message;
    }
}
