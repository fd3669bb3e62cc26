using System.Text.Json;
using Evolution.Client;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Storage;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>The rows that tell of messages: the message itself, its chat and contact, and the events, which are written only where something is new.</summary>
internal sealed class MessageEvents(EventRows events, SavingOptions saving, SentRecords sent, TimeProvider time)
{
    /// <summary>Whether files of stored messages are put into an object store.</summary>
    public bool PutsFiles { get; init; }

    /// <summary>Whether the instance's settings leave a chat out.</summary>
    public bool IsIgnored(Jid chat) =>
        (chat.IsGroup && events.Instance.Settings.GroupsIgnore) || (chat.IsStatus && !events.Instance.Settings.ReadStatus) || chat.IsNewsletter;

    /// <summary>
    /// Whether the content is a message for people. What acts on other messages or carries keys is none, whatever it is wrapped in; what the schema
    /// does not know is one.
    /// </summary>
    public static bool IsMessage(Message content) => MessageContents.Unwrap(content) is { ProtocolMessage: null, PollUpdateMessage: null } inner && !MessageContents.IsEmpty(inner);

    /// <summary>A message from others, or from another device of the account.</summary>
    public IEnumerable<IAttachedWrite> Received(MessageInfo info, MessageContent content)
    {
        var status = info.FromMe ? MessageStatus.ServerAck : MessageStatus.Delivered;
        return Arrived(info, Record(info, content, MessageRecordKey.OfReceived(info), status));
    }

    /// <summary>
    /// A message that can't be read yet: kept, so that the chat shows it. As a message it is told once its content is there, for bots answer whatever
    /// is told to them; that it is awaited is an event of its own.
    /// </summary>
    public IEnumerable<IAttachedWrite> Undecryptable(MessageUndecryptable unread)
    {
        var info = unread.Info;
        var told = events.Of(EventNames.MessagesUndecryptable, info.CanonicalChat.ToString(), writer => WriteUndecryptable(writer, unread));
        if (!saving.Messages)
            return told;
        var status = info.FromMe ? MessageStatus.ServerAck : MessageStatus.Delivered;
        var row = Record(info, MessageContent.Of(new Message()), MessageRecordKey.OfReceived(info), status).ToRow(RowId.New(time));
        return
        [
            .. NewChat(info, row.RemoteJid),
            new InsertMessage(info.CanonicalChat, info.CanonicalSender, row with { IsPlaceholder = true }) { CountsAsUnread = !info.FromMe, SavesChat = saving.Chats, WhenInserted = told },
        ];
    }

    /// <summary>A message of ours that is about to leave.</summary>
    public IEnumerable<IAttachedWrite> Sending(MessageInfo info, Message content)
    {
        var record = Record(info, SentContent.Of(content, info.Chat.IsUser, info.Timestamp), MessageRecordKey.OfSent(info), MessageStatus.Pending) with { PushName = MessageRecord.OwnPushName };
        sent.Fill(info.Id, WireJson.Bytes(record.Write));
        var lane = info.CanonicalChat.ToString();
        IReadOnlyList<IAttachedWrite> told = [.. events.Of(EventNames.SendMessage, lane, record.Write), .. ChatTouched(record.Key, lane)];
        IReadOnlyList<IAttachedWrite> stored = [.. told, .. FileOf(record)];
        var chat = NewChat(info, record.Key.RemoteJid);
        return saving.Messages
            ? [.. chat, new InsertMessage(info.CanonicalChat, info.CanonicalSender, record.ToRow(RowId.New(time))) { SavesChat = saving.Chats, WhenInserted = stored }]
            : [.. chat, .. told];
    }

    /// <summary>Messages that got further.</summary>
    /// <param name="chat">The chat as clients see it.</param>
    public IEnumerable<IAttachedWrite> StatusChanged(MessageStatusChanged change, Jid chat, string lane)
    {
        // In a group each member's receipt counts for himself; that another device of ours has a message of ours is nobody's receipt.
        var isOfMember = chat.IsGroup && change.FromMe && change.Participant is not null;
        if (chat.IsStatus || (isOfMember && change.Status < MessageStatus.Delivered))
            yield break;
        foreach (var id in change.Ids)
        {
            if (!saving.Messages)
            {
                // There is no row that could tell whether it is a rise.
                foreach (var told in events.Of(EventNames.MessagesUpdate, lane, writer => WriteUpdate(writer, change, id, chat, rowId: null)))
                    yield return told;
                continue;
            }

            yield return new UpdateMessageStatus(change.Chat, id, change.FromMe, change.Status)
            {
                Participant = change.Participant?.ToString(),
                IsOfParticipant = isOfMember,
                KeepsUpdate = saving.MessageUpdates,
                WhenRaised = events.Of(EventNames.MessagesUpdate, lane, writer => WriteUpdate(writer, change, id, chat, UpdateMessageStatus.RowIdPlaceholder)),
            };
        }
    }

    private IEnumerable<IAttachedWrite> Arrived(MessageInfo info, MessageRecord record)
    {
        var lane = info.CanonicalChat.ToString();
        var upsert = events.Of(EventNames.MessagesUpsert, lane, record.Write);
        IReadOnlyList<IAttachedWrite> follow = [.. Contact(info, record.Key), .. ChatTouched(record.Key, lane)];
        var chat = NewChat(info, record.Key.RemoteJid);
        if (!saving.Messages)
            return [.. chat, .. upsert, .. follow];
        IReadOnlyList<IAttachedWrite> stored = [.. upsert, .. follow, .. FileOf(record)];
        return
        [
            .. chat,
            new InsertMessage(info.CanonicalChat, info.CanonicalSender, record.ToRow(RowId.New(time)))
            {
                CountsAsUnread = !info.FromMe,
                ReadsChat = info.FromMe,
                SavesChat = saving.Chats,
                ChatName = ChatNameOf(info),
                WhenInserted = stored,
                WhenReplaced = stored,
            },
        ];
    }

    private IReadOnlyList<IAttachedWrite> FileOf(MessageRecord record) => PutsFiles && record.Content.HasFile ? [new AwaitFile()] : [];

    // Only in a direct chat is the other side's name the chat's.
    private static string? ChatNameOf(MessageInfo info) => info is { Chat.IsUser: true, FromMe: false, PushName.Length: > 0 } ? info.PushName : null;

    private void WriteUpdate(Utf8JsonWriter writer, MessageStatusChanged change, string id, Jid chat, string? rowId)
    {
        writer.WriteStartObject();
        writer.WriteString("keyId", id);
        writer.WriteString("remoteJid", chat.ToString());
        writer.WriteBoolean("fromMe", change.FromMe);
        if (change.Participant is { } participant)
            writer.WriteString("participant", participant.ToString());
        writer.WriteString("status", MessageStatusNames.Of(change.Status));
        if (change.ErrorCode is { } code)
        {
            writer.WriteNumber("errorCode", code);
            writer.WriteString("errorText", MessageErrorText.Of(code));
        }

        writer.WriteString("instanceId", events.Instance.Id);
        if (rowId is not null)
            writer.WriteString("messageId", rowId);
        writer.WriteEndObject();
    }

    private void WriteUndecryptable(Utf8JsonWriter writer, MessageUndecryptable unread)
    {
        var key = MessageRecordKey.OfReceived(unread.Info);
        writer.WriteStartObject();
        writer.WritePropertyName("key");
        key.Write(writer);
        writer.WriteStringOrNull("pushName", MessageRecord.ShownName(unread.Info.PushName, key));
        writer.WriteString("reason", unread.Reason);
        writer.WriteBoolean("awaited", unread.Replaceable);
        writer.WriteNumber("messageTimestamp", unread.Info.Timestamp.ToUnixTimeSeconds());
        writer.WriteString("instanceId", events.Instance.Id);
        writer.WriteString("source", MessageRecord.SourceOf(unread.Info.Id));
        writer.WriteEndObject();
    }

    private MessageRecord Record(MessageInfo info, MessageContent content, MessageRecordKey key, MessageStatus status) => new()
    {
        Key = key,
        PushName = MessageRecord.ShownName(info.PushName, key),
        Status = status,
        Content = content,
        Timestamp = info.Timestamp,
        InstanceId = events.Instance.Id,
    };

    private IEnumerable<IAttachedWrite> Contact(MessageInfo info, MessageRecordKey key)
    {
        if (!saving.Contacts || info.Chat.IsBroadcast)
            return [];
        var name = info.FromMe ? "" : info.PushName ?? "";
        void Write(Utf8JsonWriter writer) => ContactJson.Write(writer, key.RemoteJid, name, events.Instance.Id);
        return
        [
            new UpsertContact(info.CanonicalChat, key.RemoteJid)
            {
                PushName = info.FromMe || info.Chat.IsGroup ? null : info.PushName,
                WhenCreated = events.Of(EventNames.ContactsUpsert, Write),
                WhenChanged = events.Of(EventNames.ContactsUpdate, Write),
            },
        ];
    }

    // Stands before the message, which makes the chat's row too: behind it no chat would be new. A message that is there already changes nothing here
    // but a name that was chosen later.
    private IReadOnlyList<IAttachedWrite> NewChat(MessageInfo info, string remoteJid)
    {
        if (!saving.Chats)
            return [];
        var (name, lane) = (ChatNameOf(info), info.CanonicalChat.ToString());
        return
        [
            new UpsertChat(info.CanonicalChat, remoteJid)
            {
                Name = name,
                WhenCreated = events.Of(EventNames.ChatsUpsert, lane, writer => ChatJson.WriteNew(writer, remoteJid, name, events.Instance.Id)),
                WhenChanged = name is null ? [] : events.Of(EventNames.ChatsUpsert, lane, writer => ChatJson.WriteRenamed(writer, UpdateMessageStatus.RowIdPlaceholder, name)),
            },
        ];
    }

    private IReadOnlyList<IAttachedWrite> ChatTouched(MessageRecordKey key, string lane) =>
        saving.Chats ? events.Of(EventNames.ChatsUpdate, lane, writer => ChatJson.WriteTouched(writer, key.RemoteJid, events.Instance.Id)) : [];
}
