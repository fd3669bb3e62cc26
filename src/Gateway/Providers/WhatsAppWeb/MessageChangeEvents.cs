using System.Text;
using System.Text.Json;
using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>The rows of an edit or a deletion. Whoever did not write a message changes nothing of it, unless he is an admin who takes it back.</summary>
internal sealed class MessageChangeEvents(EventRows events, SavingOptions saving, SentRecords sent, MessageStore messages)
{
    /// <summary>Knows who may take back what others wrote.</summary>
    public required AdminRevokes Admins { get; init; }

    /// <summary>A change that arrived, from others or from another device of the account.</summary>
    public async ValueTask<IReadOnlyList<IAttachedWrite>> ReceivedAsync(
        MessageInfo info, MessageChange change, DeviceWriteSet writes, CancellationToken cancellationToken)
    {
        var key = MessageRecordKey.OfReceived(info) with { Id = change.TargetId };
        var lane = info.CanonicalChat.ToString();
        if (change.Edited is { } edited)
        {
            // What is not stored can't be looked at, but nobody says himself that he edits another's message. Keys and votes are no text either.
            if (!MessageEvents.IsMessage(edited) || (!saving.Messages && change.IsOfAnother))
                return [];
            var protocol = AsSeenHere(change.Protocol, edited, key);
            var told = events.Of(EventNames.MessagesEdited, lane, writer => ProtoJsonWriter.Write(writer, protocol, ProtoJsonStyle.Raw));
            return Edit(info, change.TargetId, edited, told);
        }

        var author = info.CanonicalSender;
        if (change.IsOfAnother && !info.Chat.IsGroup && !saving.Messages)
            return [];
        if (change.IsOfAnother && info.Chat.IsGroup)
        {
            if (await Admins.FindAsync(info, change, writes, cancellationToken) is not { } revoke)
                return [];
            (author, key) = (revoke.Author, revoke.Key);
        }

        var deleted = events.Of(EventNames.MessagesDelete, lane, key.Write);
        return saving.Messages
            ? [new RevokeMessage(info.CanonicalChat, author, change.TargetId) { KeepsUpdate = saving.MessageUpdates, WhenRevoked = deleted }]
            : deleted;
    }

    /// <summary>A change of ours that is about to leave.</summary>
    public async ValueTask<IReadOnlyList<IAttachedWrite>> SendingAsync(MessageInfo info, MessageChange change, CancellationToken cancellationToken)
    {
        sent.Fill(info.Id, WireJson.Bytes(writer => WriteAnswer(writer, info, change)));
        var lane = info.CanonicalChat.ToString();
        if (change.Edited is { } edited)
        {
            return Edit(info, change.TargetId, edited, events.Of(
                EventNames.SendMessageUpdate, lane, writer => ProtoJsonWriter.Write(writer, change.Protocol, ProtoJsonStyle.Raw)));
        }

        if (await messages.FindByKeyAsync(events.Instance.Id, change.TargetId, info.Chat.ToString(), cancellationToken) is not { } row)
            return [];
        return
        [
            new RevokeMessage(info.CanonicalChat, AuthorOf(info, change.Protocol.Key), change.TargetId)
            {
                RemovesRow = !saving.DeletedMessages,
                KeepsUpdate = saving.MessageUpdates,
                WhenRevoked = events.Of(EventNames.MessagesDelete, lane, writer => WriteDeleted(writer, row)),
            },
        ];
    }

    private IReadOnlyList<IAttachedWrite> Edit(MessageInfo info, string id, Message edited, IReadOnlyList<IAttachedWrite> told)
    {
        if (!saving.Messages)
            return told;
        // The secret under which answers are sealed is that of the message as it was first sent.
        var shown = edited.Clone();
        shown.MessageContextInfo = null;
        var content = MessageContent.Of(shown);
        return
        [
            new EditMessage(info.CanonicalChat, info.CanonicalSender, id)
            {
                MessageType = content.Type,
                Message = Encoding.UTF8.GetString(WireJson.Bytes(writer => content.WriteMessage(writer, ProtoJsonStyle.Record)).Span),
                Timestamp = info.Timestamp.ToUnixTimeSeconds(),
                KeptMember = "messageContextInfo",
                KeepsUpdate = saving.MessageUpdates,
                WhenEdited = told,
            },
        ];
    }

    // The other side wrote the key as it sees the chat. Whatever else rides along in such a message is no part of an edit.
    private static Message.Types.ProtocolMessage AsSeenHere(Message.Types.ProtocolMessage protocol, Message edited, MessageRecordKey key)
    {
        var seen = new Message.Types.ProtocolMessage
        {
            Key = new MessageKey { RemoteJid = key.RemoteJid, FromMe = key.FromMe, Id = key.Id },
            Type = protocol.Type,
            EditedMessage = edited,
        };
        if (protocol.HasTimestampMs)
            seen.TimestampMs = protocol.TimestampMs;
        if (!string.IsNullOrEmpty(key.Participant))
            seen.Key.Participant = key.Participant;
        return seen;
    }

    // An administrator of a group takes back what others wrote.
    private static Jid AuthorOf(MessageInfo info, MessageKey key) =>
        !key.FromMe && Jid.TryParse(key.Participant, out var author) ? author.ToUser() : info.CanonicalSender;

    private static void WriteAnswer(Utf8JsonWriter writer, MessageInfo info, MessageChange change)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("key");
        MessageRecordKey.OfSent(info).Write(writer);
        writer.WriteStartObject("message");
        writer.WritePropertyName("protocolMessage");
        ProtoJsonWriter.Write(writer, change.Protocol, ProtoJsonStyle.Raw);
        writer.WriteEndObject();
        writer.WriteString("messageTimestamp", info.Timestamp.ToUnixTimeSeconds().ToString());
        writer.WriteString("status", MessageStatusNames.Of(MessageStatus.Pending));
        writer.WriteEndObject();
    }

    private void WriteDeleted(Utf8JsonWriter writer, MessageRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("instanceId", events.Instance.Id);
        writer.WritePropertyName("key");
        (MessageRecordKey.OfRow(row) with { Extra = saving.DeletedMessages ? """{"deleted":true}""" : null }).Write(writer);
        writer.WriteString("messageType", row.MessageType);
        writer.WriteString("status", MessageStatusNames.Of(MessageUpdate.Deleted));
        writer.WriteString("source", row.Source);
        writer.WriteNumber("messageTimestamp", row.MessageTimestamp);
        writer.WriteStringOrNull("pushName", row.FromMe ? MessageRecord.OwnPushName : row.PushName);
        writer.WriteNull("participant");
        writer.WritePropertyName("message");
        writer.WriteRawValue(row.Message, skipInputValidation: true);
        writer.WriteEndObject();
    }
}
