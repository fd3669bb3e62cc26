using System.IO.Compression;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Media;
using Evolution.Simulator.Store;
using Google.Protobuf;
using Account = Evolution.Simulator.Accounts.Account;

namespace Evolution.Simulator.Phones;

/// <summary>
/// A phone's past, packed as history sync. Every piece lies as an encrypted file on the media host; small ones travel inside the message too,
/// which Baileys 7.0.0-rc14 prefers and rc.6 ignores.
/// </summary>
internal sealed class PhoneHistory(SimulatedWorld world, Phone phone)
{
    private const int ChatsPerChunk = 50;
    private const int MessagesPerChat = 200;
    private const int MaxOnDemand = 50;
    private const int MaxInline = 1024 * 1024;

    /// <summary>The chunks of a first sync in their order: the newest, the rest with rising progress, the names.</summary>
    public IEnumerable<Message.Types.HistorySyncNotification> Bootstrap(Writes writes)
    {
        var chats = phone.Messages.Chats(MessagesPerChat).Where(chat => chat.Chat != Jid.Status.ToString()).Select(chat => ToConversation(chat.Chat, chat.Messages)).ToList();
        var chunks = chats.Chunk(ChatsPerChunk).ToList();
        var first = New(HistorySync.Types.HistorySyncType.InitialBootstrap, 1, chunks.Count <= 1 ? 100u : 1u);
        AddMappings(first);
        if (chunks.Count > 0)
            first.Conversations.AddRange(chunks[0]);
        yield return Pack(writes, first);

        for (var i = 1; i < chunks.Count; i++)
        {
            var chunk = New(HistorySync.Types.HistorySyncType.Recent, (uint)i + 1, (uint)(100 * (i + 1) / chunks.Count));
            chunk.Conversations.AddRange(chunks[i]);
            yield return Pack(writes, chunk);
        }

        var names = New(HistorySync.Types.HistorySyncType.PushName, 1, 100);
        foreach (var contact in phone.Account.Contacts.Numbers)
        {
            if (world.Directory.FindNumber(contact) is { } known)
                names.Pushnames.Add(new Pushname { Id = known.PhoneJid.ToString(), Pushname_ = known.Name });
        }

        names.Pushnames.Add(new Pushname { Id = phone.Account.PhoneJid.ToString(), Pushname_ = phone.Account.Name });
        yield return Pack(writes, names);
    }

    /// <summary>Up to 50 messages of a chat that are older than the one the companion names; null when it names none of ours.</summary>
    public Message.Types.HistorySyncNotification? OnDemand(Writes writes, Message.Types.PeerDataOperationRequestMessage.Types.HistorySyncOnDemandRequest request)
    {
        if (!Jid.TryParse(request.ChatJid, out var jid))
            return null;
        var chat = PhoneChat.Find(world, jid)?.Key ?? jid.User;
        var count = Math.Clamp(request.OnDemandMsgCount, 1, MaxOnDemand);
        var before = phone.Messages.Find(request.OldestMsgId)?.At ?? DateTimeOffset.FromUnixTimeSeconds(request.OldestMsgTimestampMs);
        var older = phone.Messages.Before(chat, before, count);
        var sync = New(HistorySync.Types.HistorySyncType.OnDemand, 1, 100);
        sync.Conversations.Add(ToConversation(chat, older));
        return Pack(writes, sync);
    }

    public static WebMessageInfo ToWebMessage(SimulatedWorld world, PhoneMessage message) => new()
    {
        Key = KeyOf(world, message),
        Message = message.Content,
        MessageTimestamp = (ulong)message.At.ToUnixTimeSeconds(),
        Status = message switch
        {
            { FromMe: false } => WebMessageInfo.Types.Status.DeliveryAck,
            { Receipts.Played: not null } => WebMessageInfo.Types.Status.Played,
            { Receipts.Read: not null } => WebMessageInfo.Types.Status.Read,
            { Receipts.Delivered: not null } => WebMessageInfo.Types.Status.DeliveryAck,
            _ => WebMessageInfo.Types.Status.ServerAck,
        },
        PushName = message.FromMe ? "" : world.Directory.FindNumber(message.Sender)?.Name ?? "",
    };

    private static MessageKey KeyOf(SimulatedWorld world, PhoneMessage message)
    {
        var key = new MessageKey { RemoteJid = JidOf(world, message.Chat), FromMe = message.FromMe, Id = message.Id };
        if (PhoneChat.Find(world, message.Chat) is { Person: null } chat && world.Directory.FindNumber(message.Sender) is { } author)
            key.Participant = author.Jid(chat.Group?.ByLid ?? false).ToString();
        return key;
    }

    private static string JidOf(SimulatedWorld world, string chat) =>
        PhoneChat.Find(world, chat)?.Jid(lid: false).ToString() ?? (chat.Contains('@', StringComparison.Ordinal) ? chat : Jid.ForPhone(chat).ToString());

    private static HistorySync New(HistorySync.Types.HistorySyncType type, uint order, uint progress) =>
        new() { SyncType = type, ChunkOrder = order, Progress = progress };

    private void AddMappings(HistorySync sync)
    {
        foreach (var account in phone.Account.Contacts.Numbers.Select(world.Directory.FindNumber).OfType<Account>().Append(phone.Account))
            sync.PhoneNumberToLidMappings.Add(new PhoneNumberToLIDMapping { PnJid = account.PhoneJid.ToString(), LidJid = account.LidJid.ToString() });
    }

    private Conversation ToConversation(string number, IReadOnlyList<PhoneMessage> messages)
    {
        var conversation = new Conversation { Id = JidOf(world, number), UnreadCount = 0 };
        if (messages.Count > 0)
            conversation.ConversationTimestamp = (ulong)messages[^1].At.ToUnixTimeSeconds();
        if (PhoneChat.Find(world, number)?.Group is { } group)
            conversation.Name = group.Subject;
        if (world.Directory.FindNumber(number) is { } contact)
        {
            conversation.Name = contact.Name;
            conversation.LidJid = contact.LidJid.ToString();
            conversation.PnJid = contact.PhoneJid.ToString();
        }

        // Newest first, as phones write it.
        for (var i = messages.Count - 1; i >= 0; i--)
            conversation.Messages.Add(new HistorySyncMsg { Message = ToWebMessage(world, messages[i]), MsgOrderId = (ulong)i + 1 });
        return conversation;
    }

    private Message.Types.HistorySyncNotification Pack(Writes writes, HistorySync sync)
    {
        using var buffer = new MemoryStream();
        using (var zlib = new ZLibStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            sync.WriteTo(zlib);
        var packed = buffer.ToArray();
        var file = MediaFile.Encrypt(packed, "History");
        var notification = new Message.Types.HistorySyncNotification
        {
            SyncType = (Message.Types.HistorySyncType)(int)sync.SyncType,
            ChunkOrder = sync.ChunkOrder,
            Progress = sync.Progress,
            MediaKey = ByteString.CopyFrom(file.Key),
            FileSha256 = ByteString.CopyFrom(file.Sha256),
            FileEncSha256 = ByteString.CopyFrom(file.EncryptedSha256),
            FileLength = (ulong)file.Length,
            DirectPath = world.Media.Keep(writes, file.Encrypted),
        };
        if (packed.Length <= MaxInline)
            notification.InitialHistBootstrapInlinePayload = ByteString.CopyFrom(packed);
        return notification;
    }
}
