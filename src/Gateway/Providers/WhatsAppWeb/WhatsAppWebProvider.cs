using Evolution.Client;
using Evolution.Client.Media;
using Evolution.Client.Messages.Sending;
using Evolution.Client.Profiles;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>What an instance can do through its own linked device.</summary>
internal sealed class WhatsAppWebProvider(Func<WhatsAppClient?> client, SentRecords sent, TimeProvider time)
    : IWhatsAppProvider, ISendsMessages, IFetchesMedia, IReadsGroups, IMarksRead, IShowsPresence, ILooksUpNumbers, IReadsProfiles
{
    /// <summary>What a login takes once the server has accepted it is a few answers; nobody is kept waiting for a server that gives none.</summary>
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(10);

    public OwnAccount? Account { get; set; }

    /// <summary>After how many seconds messages in a chat with a person disappear; null when they stay.</summary>
    public required Func<Jid, CancellationToken, ValueTask<long?>> TimerOf { get; init; }

    /// <summary>Told of messages that were marked as read: their chat and their ids.</summary>
    public required Func<Jid, IReadOnlyCollection<string>, CancellationToken, Task> NoteRead { get; init; }

    public async Task<SentMessage> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (message.To.IsStatus && message.StatusReaders.Count == 0)
            throw new ProviderException(ProviderError.Refused, "A status needs its readers: sendStatus takes them");
        var connected = await ConnectedAsync(cancellationToken);
        var content = await ContentAsync(connected, message with { Expiration = await ExpirationAsync(message.To, cancellationToken) }, cancellationToken);
        var id = MessageId.Create();
        using var record = sent.Expect(id);
        await CallAsync(
            open => open.Messages.SendAsync(message.To, content, new SendOptions { MessageId = id, StatusReaders = message.StatusReaders }, cancellationToken),
            cancellationToken);
        return new SentMessage(record.Bytes);
    }

    public Task<Stream> FetchAsync(MediaReference media, MediaOwner owner, long maxBytes, CancellationToken cancellationToken) =>
        CallAsync<Stream>(async open => await open.Media.OpenAsync(media, owner, maxBytes, cancellationToken), cancellationToken);

    public async Task<GroupSummary?> FindGroupAsync(Jid group, CancellationToken cancellationToken)
    {
        var found = await CallAsync(open => open.Groups.FindAsync(group, cancellationToken), cancellationToken);
        return found is null ? null : new GroupSummary(group, found.Subject, [.. found.Participants.Select(participant => participant.Jid)]);
    }

    public async Task MarkReadAsync(IReadOnlyList<ReadMark> messages, CancellationToken cancellationToken)
    {
        foreach (var part in messages.GroupBy(mark => (mark.Chat, mark.Participant)))
        {
            var participant = part.Key.Chat.IsUser ? null : part.Key.Participant;
            string[] ids = [.. part.Select(mark => mark.Id)];
            await CallAsync(open => open.Receipts.MarkReadAsync(part.Key.Chat, participant, ids, cancellationToken), cancellationToken);
            await NoteRead(part.Key.Chat, ids, cancellationToken);
        }
    }

    public Task ShowAvailabilityAsync(bool available, CancellationToken cancellationToken) =>
        CallAsync(open => open.Presence.SetOnlineAsync(available, cancellationToken), cancellationToken);

    public Task ShowActivityAsync(Jid chat, ChatActivity activity, CancellationToken cancellationToken) =>
        CallAsync(
            open => open.Presence.SendAsync(
                chat,
                activity switch
                {
                    ChatActivity.Composing => Client.Presence.ChatState.Composing,
                    ChatActivity.Recording => Client.Presence.ChatState.Recording,
                    _ => Client.Presence.ChatState.Paused,
                },
                cancellationToken),
            cancellationToken);

    public Task SubscribeAsync(Jid user, CancellationToken cancellationToken) =>
        CallAsync(open => open.Presence.SubscribeAsync(user, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<NumberLookup>> LookUpAsync(IReadOnlyList<Jid> phones, CancellationToken cancellationToken)
    {
        var answers = await CallAsync(open => open.Directory.OnWhatsAppAsync([.. phones.Select(phone => phone.User)], cancellationToken), cancellationToken);
        var byDigits = answers.Where(answer => answer.Exists).GroupBy(answer => answer.Digits).ToDictionary(group => group.Key, group => group.First());
        return [.. phones.Select(phone => byDigits.TryGetValue(phone.User, out var found)
            ? new NumberLookup(phone, found.User, found.Lid)
            : new NumberLookup(phone, null, null))];
    }

    public Task<Uri?> FindPictureAsync(Jid target, CancellationToken cancellationToken) =>
        CallAsync(open => open.Profiles.PictureAsync(target, cancellationToken), cancellationToken);

    public Task<AboutLine?> FindAboutAsync(Jid user, CancellationToken cancellationToken) =>
        CallAsync(open => open.Profiles.AboutAsync(user, cancellationToken), cancellationToken);

    public Task<BusinessProfile?> FindBusinessAsync(Jid user, CancellationToken cancellationToken) =>
        CallAsync(open => open.Profiles.BusinessAsync(user, cancellationToken), cancellationToken);

    private async Task<uint?> ExpirationAsync(Jid chat, CancellationToken cancellationToken)
    {
        if (chat.IsUser)
            return (uint?)await TimerOf(chat, cancellationToken);
        return chat.IsGroup ? (uint?)(await CallAsync(open => open.Groups.FindAsync(chat, cancellationToken), cancellationToken))?.DisappearingSeconds : null;
    }

    private async Task<Message> ContentAsync(WhatsAppClient connected, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var own = (connected.Device ?? default).ToUser();
        if (message.Content.Attachment() is not { } media)
            return OutgoingContents.Of(message, own, time.GetUtcNow());
        await using var file = media.File.Open();
        var uploaded = await CallAsync(
            open =>
            {
                file.Position = 0;
                return open.Media.UploadAsync(file, OutgoingFiles.UploadKindOf(media.Kind), cancellationToken);
            },
            cancellationToken);
        var now = time.GetUtcNow();
        return message.Content is OutgoingMedia
            ? OutgoingFiles.Of(media, uploaded, OutgoingContext.Of(message, own), now)
            : OutgoingContents.Of(message, own, now, OutgoingFiles.Of(media, uploaded, context: null, now).ImageMessage);
    }

    public Task RejectCallAsync(string callId, Jid creator, CancellationToken cancellationToken) =>
        CallAsync(open => open.Calls.RejectAsync(callId, creator, cancellationToken), cancellationToken);

    /// <summary>The client once it is open. A login that the server has accepted, as right after a scan, or that a renewal leads to is waited for; nothing else is.</summary>
    private async ValueTask<WhatsAppClient> ConnectedAsync(CancellationToken cancellationToken)
    {
        if (client() is { IsLoggingIn: true } connecting)
        {
            try
            {
                await connecting.WaitForLoginAsync(cancellationToken).WaitAsync(LoginLimit, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Then it is not connected, and the answer says so.
            }
        }

        return client() is { Status.State: Client.ConnectionState.Open } connected
            ? connected
            : throw new ProviderException(ProviderError.NotConnected, NotConnectedText());
    }

    private string NotConnectedText() => client()?.Status switch
    {
        null => "Connection Closed: the instance is not connected",
        { State: Client.ConnectionState.AwaitingScan } => "Connection Closed: the instance waits for its QR code to be scanned",
        { NextTryAt: { } next, Reason: { } reason } => $"Connection Closed: {reason.Text}; the next try is at {next:O}",
        { State: Client.ConnectionState.LoggedOut } => "Connection Closed: the instance is logged out; connect it again and scan its QR code",
        _ => "Connection Closed: the instance is connecting",
    };

    private async Task CallAsync(Func<WhatsAppClient, Task> call, CancellationToken cancellationToken) => await CallAsync(
        async open =>
        {
            await call(open);
            return true;
        },
        cancellationToken);

    private async Task<T> CallAsync<T>(Func<WhatsAppClient, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await call(await ConnectedAsync(cancellationToken));
            }
            catch (ConnectionLostException) when (client() is { IsLoggingIn: true })
            {
                // The connection is being renewed, and what it broke left nothing behind.
                return await call(await ConnectedAsync(cancellationToken));
            }
        }
        catch (ConnectionLostException e)
        {
            throw new ProviderException(ProviderError.NotConnected, "Connection Closed: the connection broke", e);
        }
        catch (IqException e)
        {
            throw new ProviderException(ProviderError.Refused, $"WhatsApp refused: {e.Message}", e);
        }
        catch (TimeoutException e)
        {
            throw new ProviderException(ProviderError.TimedOut, "WhatsApp did not answer in time", e);
        }
        catch (MediaUnreachableException e)
        {
            // With the real WhatsApp the system's authorities do; a simulator has its own.
            var remedy = e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
                ? " WHATSAPP_MEDIA_CA names the certificate of a simulator's media host."
                : "";
            throw new ProviderException(ProviderError.TimedOut, $"WhatsApp's media hosts can't be reached: {e.Message}{remedy}", e);
        }
        catch (MediaGoneException e)
        {
            throw new ProviderException(ProviderError.NotFound, e.Message, e);
        }
        catch (MediaCorruptException e)
        {
            throw new ProviderException(ProviderError.Refused, e.Message, e);
        }
        catch (MediaTooLargeException e)
        {
            throw new ProviderException(ProviderError.Refused, e.Message, e);
        }
        catch (MessageTooLargeException e)
        {
            throw new ProviderException(ProviderError.Refused, e.Message, e);
        }
        catch (RecipientUnknownException e)
        {
            throw new ProviderException(ProviderError.NotFound, e.Message, e);
        }
        catch (UnsupportedRecipientException e)
        {
            throw new ProviderException(ProviderError.Refused, e.Message, e);
        }
        catch (WhatsAppException e) when (e.InnerException is Storage.StorageUnavailableException unavailable)
        {
            throw new ProviderException(ProviderError.Refused, $"Nothing was sent: the database can't be written ({unavailable.Failure})", e);
        }
    }
}
