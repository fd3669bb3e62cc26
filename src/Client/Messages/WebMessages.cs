using Evolution.Proto;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages;

/// <summary>Who, where and when of messages in the form in which phones keep them.</summary>
internal sealed class WebMessages(MessagingContext context)
{
    /// <summary>Describes a message; null when its key names no message.</summary>
    public async ValueTask<MessageInfo?> DescribeAsync(WebMessageInfo message, CancellationToken ct)
    {
        if (message.Key is not { HasId: true } key || !Jid.TryParse(key.RemoteJid, out var remote))
            return null;
        var own = context.Own;
        var chat = remote.ToUser();
        var device = Author(message, key, chat, own);
        if (device is not { } author)
            return null;
        var fromMe = key.FromMe || own.IsMe(author);
        return new MessageInfo(key.Id, chat, author.ToUser(), fromMe, Time(message))
        {
            ChatAlt = await context.Addresses.OtherAsync(chat, null, ct).ConfigureAwait(false),
            SenderAlt = await context.Addresses.OtherAsync(author, null, ct).ConfigureAwait(false),
            SenderDevice = author.Device,
            AddressingMode = author.IsLid ? "lid" : "pn",
            PushName = message.HasPushName ? message.PushName : null,
            VerifiedName = message.HasVerifiedBizName ? message.VerifiedBizName : null,
        };
    }

    private static Jid? Author(WebMessageInfo message, MessageKey key, Jid chat, OwnAddress own)
    {
        if (key.FromMe)
            return own.UserFor(chat);
        if (chat.IsUser || chat.IsNewsletter || chat.IsBot)
            return chat;
        return Jid.TryParse(key.HasParticipant ? key.Participant : message.Participant, out var participant) ? participant : null;
    }

    // Seconds since 1970; anything beyond the calendar is no time.
    private static DateTimeOffset Time(WebMessageInfo message) =>
        message.MessageTimestamp <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds((long)message.MessageTimestamp) : DateTimeOffset.UnixEpoch;
}
