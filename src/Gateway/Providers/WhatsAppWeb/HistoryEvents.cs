using Evolution.Client;
using Evolution.Client.History;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Protocol.Jids;
using Evolution.Storage;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>
/// The rows that a part of the history becomes. None of it ever comes out as a new message, and what the instance has already, from before or from
/// meanwhile, is not told.
/// </summary>
internal sealed class HistoryEvents(EventRows events, SavingOptions saving, MessageStore messages, ChatStore chats, TimeProvider time)
{
    private const string Lane = "history";

    public async ValueTask<IReadOnlyList<IAttachedWrite>> ReceivedAsync(HistoryChunk chunk, CancellationToken cancellationToken)
    {
        var rows = new List<IAttachedWrite>();
        var names = chunk.Contacts.GroupBy(contact => contact.User).ToDictionary(group => group.Key, group => group.First());
        AddChats(rows, chunk, await chats.FindKnownAsync(events.Instance.Id, [.. chunk.Chats.Select(chat => chat.Chat.ToString())], cancellationToken));
        AddMessages(rows, chunk, names, await messages.FindKnownAsync(events.Instance.Id, [.. chunk.Messages.Select(message => message.Info.Id)], cancellationToken));
        AddContacts(rows, chunk);
        return rows;
    }

    private void AddChats(List<IAttachedWrite> rows, HistoryChunk chunk, IReadOnlySet<string> known)
    {
        if (chunk.Chats.Count == 0)
            return;
        if (saving.Chats)
        {
            rows.AddRange(chunk.Chats.Select(chat => new UpsertChat(chat.Chat, Shown(chat.Chat, chat.ChatAlt).ToString())
            {
                Name = NameOf(chat),
                UnreadMessages = chat.Conversation.HasUnreadCount ? (int)Math.Min(chat.Conversation.UnreadCount, int.MaxValue) : null,
            }));
        }

        rows.AddRange(chunk.Chats.Select(chat => ChatTimers.Told(chat, Shown(chat.Chat, chat.ChatAlt))).OfType<SetChatTimer>());
        var news = chunk.Chats.Where(chat => !known.Contains(chat.Chat.ToString())).ToList();
        if (news.Count == 0)
            return;
        rows.AddRange(events.Of(EventNames.ChatsSet, Lane, writer =>
        {
            writer.WriteStartArray();
            foreach (var chat in news)
            {
                writer.WriteStartObject();
                writer.WriteString("remoteJid", Shown(chat.Chat, chat.ChatAlt).ToString());
                writer.WriteString("instanceId", events.Instance.Id);
                if (NameOf(chat) is { } name)
                    writer.WriteString("name", name);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }));
    }

    private void AddMessages(List<IAttachedWrite> rows, HistoryChunk chunk, Dictionary<Jid, HistoryContact> names, IReadOnlySet<string> known)
    {
        var records = chunk.Messages
            .Where(message => message.Message.Message is not null && MessageEvents.IsMessage(message.Message.Message))
            .Select(message => (message.Info, Record: RecordOf(message, names)))
            .ToList();
        if (records.Count == 0)
            return;
        if (saving.History)
        {
            rows.AddRange(records.Select(item => new InsertMessage(item.Info.CanonicalChat, item.Info.CanonicalSender, item.Record.ToRow(RowId.New(time)))
            {
                IsHistory = true,
                SavesChat = saving.Chats,
            }));
        }

        var news = records.Where(item => !known.Contains(item.Info.Id)).ToList();
        if (news.Count == 0)
            return;
        rows.AddRange(events.Of(EventNames.MessagesSet, Lane, writer =>
        {
            writer.WriteStartArray();
            foreach (var (_, record) in news)
                record.Write(writer);
            writer.WriteEndArray();
        }));
    }

    private void AddContacts(List<IAttachedWrite> rows, HistoryChunk chunk)
    {
        var named = chunk.Contacts.Where(contact => (contact.Name ?? contact.PushName) is { Length: > 0 }).ToList();
        if (named.Count == 0)
            return;
        if (saving.Contacts)
        {
            rows.AddRange(named.Select(contact => new UpsertContact(contact.User, Shown(contact.User, contact.UserAlt).ToString())
            {
                PushName = contact.Name ?? contact.PushName,
            }));
        }

        rows.AddRange(events.Of(EventNames.ContactsUpsert, Lane, writer =>
        {
            writer.WriteStartArray();
            foreach (var contact in named)
                ContactJson.Write(writer, Shown(contact.User, contact.UserAlt).ToString(), contact.Name ?? contact.PushName, events.Instance.Id);
            writer.WriteEndArray();
        }));
    }

    private MessageRecord RecordOf(HistoryMessage message, Dictionary<Jid, HistoryContact> names)
    {
        var key = MessageRecordKey.OfReceived(message.Info);
        var name = message.Info.PushName
            ?? (names.TryGetValue(message.Info.Sender, out var contact) ? contact.Name ?? contact.PushName : null)
            ?? (message.Info.FromMe ? null : message.Info.Sender.User);
        return new MessageRecord
        {
            Key = key,
            PushName = MessageRecord.ShownName(name, key),
            Status = message.Message.HasStatus ? (MessageStatus)Math.Clamp((int)message.Message.Status, 0, 5) : null,
            Content = MessageContent.Of(message.Message.Message),
            Timestamp = message.Info.Timestamp,
            InstanceId = events.Instance.Id,
        };
    }

    private static string? NameOf(HistoryChat chat) =>
        chat.Conversation.HasName && chat.Conversation.Name.Length > 0 ? chat.Conversation.Name
        : chat.Conversation.HasDisplayName && chat.Conversation.DisplayName.Length > 0 ? chat.Conversation.DisplayName
        : null;

    private static Jid Shown(Jid jid, Jid? other) => jid.IsLid && other is { IsPhone: true } phone ? phone : jid;
}
