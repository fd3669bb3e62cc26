using Evolution.Client.Media;
using Evolution.Client.Messages;
using Evolution.Client.Messages.Sending;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.History;

/// <summary>
/// Takes in the history that the phone announces: from the notification itself or from a media host, part by part, each part one event
/// and one commit (Baileys Utils/history.ts).
/// </summary>
internal sealed class HistoryImport(
    MessagingContext context, MediaFiles media, WebMessages webMessages, TrustedContacts tokens, Presence.Presence presence, ILogger<HistoryImport> log)
{
    private const int Attempts = 3;
    private const long MaxFileBytes = 512L * 1024 * 1024;
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    /// <summary>Imports the history. False when it can't be had now but may be at another time; it can be imported again from the start.</summary>
    public async ValueTask<bool> ImportAsync(Message.Types.HistorySyncNotification notification, CancellationToken ct)
    {
        var type = TypeName(notification.SyncType);
        for (var attempt = 1; ; attempt++)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(AttemptTimeout);
            try
            {
                await ImportOnceAsync(notification, type, deadline.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (e is MediaGoneException or MediaCorruptException or MediaTooLargeException or InvalidDataException)
            {
                // It will not get better; without an answer the server would deliver the notification for ever.
                log.Lost(e, type);
                return true;
            }
            catch (Exception e) when (!ct.IsCancellationRequested && e is MediaUnreachableException or IOException or IqException or TimeoutException or OperationCanceledException)
            {
                log.Failed(e, type, attempt);
                if (attempt == Attempts)
                    return false;
            }

            await Task.Delay(FirstDelay * attempt, context.Time, ct).ConfigureAwait(false);
        }
    }

    private async Task ImportOnceAsync(Message.Types.HistorySyncNotification notification, string type, CancellationToken ct)
    {
        var compressed = await OpenAsync(notification, ct).ConfigureAwait(false);
        await using (compressed.ConfigureAwait(false))
        {
            var progress = notification.HasProgress ? (int)notification.Progress : (int?)null;
            var batch = new HistoryBatch();
            await foreach (var item in HistoryReader.ReadAsync(compressed, ct).ConfigureAwait(false))
            {
                if (item is HistoryItem.Chat { Conversation: var conversation })
                {
                    batch = await AddChatAsync(batch, conversation, type, progress, ct).ConfigureAwait(false);
                    continue;
                }

                await AddAsync(batch, item, ct).ConfigureAwait(false);
                if (batch.IsFull)
                    batch = await CommitAsync(batch, type, progress, isLast: false, ct).ConfigureAwait(false);
            }

            await CommitAsync(batch, type, progress, isLast: true, ct).ConfigureAwait(false);
        }
    }

    private async ValueTask<Stream> OpenAsync(Message.Types.HistorySyncNotification notification, CancellationToken ct)
    {
        if (notification.InitialHistBootstrapInlinePayload.Length > 0)
            return new MemoryStream(notification.InitialHistBootstrapInlinePayload.ToByteArray(), writable: false);
        if (!notification.HasDirectPath)
            throw new InvalidDataException("The history is neither in the notification nor anywhere else.");
        return await media.OpenAsync(MediaReference.Of(notification), owner: null, MaxFileBytes, ct).ConfigureAwait(false);
    }

    // A chat's messages are spread over as many batches as they need; the chat itself is in the first of them.
    private async ValueTask<HistoryBatch> AddChatAsync(HistoryBatch batch, Conversation conversation, string type, int? progress, CancellationToken ct)
    {
        if (!Jid.TryParse(conversation.Id, out var chat))
            return batch;
        var messages = conversation.Messages.Select(message => message.Message).OfType<WebMessageInfo>().ToArray();
        conversation.Messages.Clear();
        batch.Add(chat.ToUser(), conversation);
        foreach (var message in messages)
        {
            batch.Messages.Add(message);
            if (batch.IsFull)
                batch = await CommitAsync(batch, type, progress, isLast: false, ct).ConfigureAwait(false);
        }

        return batch.IsFull ? await CommitAsync(batch, type, progress, isLast: false, ct).ConfigureAwait(false) : batch;
    }

    private async ValueTask AddAsync(HistoryBatch batch, HistoryItem item, CancellationToken ct)
    {
        switch (item)
        {
            case HistoryItem.Status status:
                batch.Messages.Add(status.Message);
                break;
            case HistoryItem.Name name:
                batch.Add(name.Pushname);
                break;
            case HistoryItem.Address address:
                batch.Add(address.Mapping);
                break;
            case HistoryItem.NctSalt salt when salt.Bytes.Length > 0 && !salt.Bytes.AsSpan().SequenceEqual(context.Credentials.NctSalt):
                await context.State.UpdateAsync(credentials => credentials with { NctSalt = salt.Bytes }, ct).ConfigureAwait(false);
                break;
        }
    }

    private async ValueTask<HistoryBatch> CommitAsync(HistoryBatch batch, string type, int? progress, bool isLast, CancellationToken ct)
    {
        if (batch.IsEmpty && !isLast)
            return batch;
        // Addresses first, so that the rest is described with them.
        await context.LearnNowAsync(batch.Mappings, ct).ConfigureAwait(false);
        var writes = new DeviceWriteSet();
        var chunk = new HistoryChunk(type, progress, isLast)
        {
            Chats = await ChatsAsync(batch, writes, ct).ConfigureAwait(false),
            Contacts = await PeopleAsync(batch, ct).ConfigureAwait(false),
            Messages = await MessagesAsync(batch, ct).ConfigureAwait(false),
            AddressMappings = batch.Mappings,
        };
        await context.Handler(new HistoryReceived(chunk), writes, ct).ConfigureAwait(false);
        if (!writes.IsEmpty)
            await context.CommitAsync(writes).ConfigureAwait(false);
        await LearnOwnNameAsync(batch, ct).ConfigureAwait(false);
        log.Imported(type, batch.Chats.Count, batch.Messages.Count);
        return new HistoryBatch();
    }

    private async ValueTask<IReadOnlyList<HistoryChat>> ChatsAsync(HistoryBatch batch, DeviceWriteSet writes, CancellationToken ct)
    {
        var chats = new List<HistoryChat>(batch.Chats.Count);
        foreach (var (chat, conversation) in batch.Chats)
        {
            chats.Add(new HistoryChat(chat, await context.Addresses.OtherAsync(chat, null, ct).ConfigureAwait(false), conversation));
            if (!chat.IsUser)
                continue;
            ReceivedToken[] received = conversation is { HasTcToken: true, HasTcTokenTimestamp: true } && conversation.TcToken.Length > 0
                ? [new ReceivedToken(conversation.TcToken.Memory, DateTimeOffset.FromUnixTimeSeconds((long)conversation.TcTokenTimestamp))]
                : [];
            var issued = conversation.TcTokenSenderTimestamp > 0 ? DateTimeOffset.FromUnixTimeSeconds((long)conversation.TcTokenSenderTimestamp) : (DateTimeOffset?)null;
            if (received.Length > 0 || issued is not null)
                await tokens.KeepAsync(chat, received, issued, writes, ct).ConfigureAwait(false);
        }

        return chats;
    }

    private async ValueTask<IReadOnlyList<HistoryContact>> PeopleAsync(HistoryBatch batch, CancellationToken ct)
    {
        var people = new List<HistoryContact>(batch.People.Count);
        foreach (var (user, name, pushName) in batch.People)
            people.Add(new HistoryContact(user, await context.Addresses.OtherAsync(user, null, ct).ConfigureAwait(false), name, pushName));
        return people;
    }

    private async ValueTask<IReadOnlyList<HistoryMessage>> MessagesAsync(HistoryBatch batch, CancellationToken ct)
    {
        var messages = new List<HistoryMessage>(batch.Messages.Count);
        foreach (var message in batch.Messages)
        {
            if (await webMessages.DescribeAsync(message, ct).ConfigureAwait(false) is { } info)
                messages.Add(new HistoryMessage(info, message));
        }

        return messages;
    }

    // Our own name comes with everybody else's; without it we can't appear online.
    private async ValueTask LearnOwnNameAsync(HistoryBatch batch, CancellationToken ct)
    {
        var own = context.Own;
        if (batch.People.LastOrDefault(person => person.PushName is { Length: > 0 } && own.IsMe(person.User)).PushName is not { } name
            || name == context.Credentials.PushName)
            return;
        await context.State.UpdateAsync(credentials => credentials with { PushName = name }, ct).ConfigureAwait(false);
        await context.PublishAsync(new PushNameChanged(own.Device.ToUser(), name), ct).ConfigureAwait(false);
        await presence.AnnounceAsync(ct).ConfigureAwait(false);
    }

    private static string TypeName(Message.Types.HistorySyncType type) => type switch
    {
        Message.Types.HistorySyncType.InitialBootstrap => "INITIAL_BOOTSTRAP",
        Message.Types.HistorySyncType.InitialStatusV3 => "INITIAL_STATUS_V3",
        Message.Types.HistorySyncType.Full => "FULL",
        Message.Types.HistorySyncType.Recent => "RECENT",
        Message.Types.HistorySyncType.PushName => "PUSH_NAME",
        Message.Types.HistorySyncType.NonBlockingData => "NON_BLOCKING_DATA",
        Message.Types.HistorySyncType.OnDemand => "ON_DEMAND",
        Message.Types.HistorySyncType.NoHistory => "NO_HISTORY",
        Message.Types.HistorySyncType.MessageAccessStatus => "MESSAGE_ACCESS_STATUS",
        _ => ((int)type).ToString(),
    };
}
