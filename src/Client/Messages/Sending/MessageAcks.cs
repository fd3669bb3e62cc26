using Evolution.Client.Addressing;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Sending;

/// <summary>The server has taken or refused a message of ours.</summary>
internal sealed class MessageAcks(
    MessagingContext context, MessageSender sender, DeviceDirectory devices, Groups.Groups groups, TrustedContacts tokens, ILogger<MessageSender> log)
    : IStanzaHandler
{
    public string Tag => "ack";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        var ack = stanza.Node;
        if (ack["class"] != "message" || ack["id"] is not { } id || ack.JidOf("from") is not { } from)
            return;

        var chat = from.ToUser();
        var key = new SentMessageKey(chat, id);
        sender.Answered(key);
        writes.AcknowledgedMessages.Add(key);
        var error = ack["error"] is { } text ? int.TryParse(text, out var code) ? code : 500 : (int?)null;
        if (error is { } refused)
        {
            log.Refused(id, refused);
            if (refused == MessageErrorCode.FormerAddressing)
                groups.Forget(chat);
            if (refused == MessageErrorCode.InvalidStanza && !chat.IsGroup)
                await devices.ForgetAsync([chat, context.Own.Device], writes, ct).ConfigureAwait(false);
            if (refused == MessageErrorCode.Restricted)
                stanza.AfterCommit(_ =>
                {
                    tokens.Issue(chat);
                    return ValueTask.CompletedTask;
                });
        }

        // The server says what devices a group has when it counts others than we did. The message stays as it went (sending it again on each
        // difference could go on for ever); the next one asks who is there.
        if (chat.IsGroup && (ack["phash"] is not null || error == MessageErrorCode.InvalidStanza))
            await ForgetGroupAsync(chat, writes, ct).ConfigureAwait(false);

        var status = error is null ? MessageStatus.ServerAck : MessageStatus.Error;
        var at = ack.TimeOf("t") ?? context.Time.GetUtcNow();
        await context.Handler(new MessageStatusChanged(chat, null, [id], FromMe: true, status, error, at), writes, ct).ConfigureAwait(false);
    }

    private async ValueTask ForgetGroupAsync(Jid group, DeviceWriteSet writes, CancellationToken ct)
    {
        if (groups.Known(group) is not { } known)
            return;
        groups.Forget(group);
        await devices.ForgetAsync(known.Participants.Select(participant => participant.Jid), writes, ct).ConfigureAwait(false);
    }
}
