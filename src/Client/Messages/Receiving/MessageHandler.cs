using Evolution.Client.Dispatch;
using Evolution.Client.Messages.Receipts;
using Evolution.Client.Messages.Retries;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Receiving;

/// <summary>
/// Handles message stanzas: reads, decrypts, tells the application, and answers when all of it is committed. What can't be read is told
/// as a placeholder and asked for again.
/// </summary>
internal sealed class MessageHandler(
    MessagingContext context, MessageReader reader, PeerMessages peer, RetryRequests retries, ILogger<MessageHandler> log)
    : IStanzaHandler
{
    public string Tag => "message";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        IncomingMessage message;
        try
        {
            message = IncomingMessage.Read(stanza.Node, context.Own);
        }
        catch (FormatException e)
        {
            log.Malformed(e.Message);
            Refuse(stanza, NackCode.ParsingError);
            return;
        }

        if (message.Info.Chat.IsNewsletter)
            await PlainAsync(stanza, message, writes, ct).ConfigureAwait(false);
        else if (message.Parts.Any(part => part.Kind == "msmsg"))
            RefuseBotReply(stanza);
        else
            await EncryptedAsync(stanza, message, writes, ct).ConfigureAwait(false);
    }

    private async ValueTask PlainAsync(Stanza stanza, IncomingMessage message, DeviceWriteSet writes, CancellationToken ct)
    {
        if (message.Plaintext is not { } bytes)
            return;
        try
        {
            var content = Message.Parser.ParseFrom(bytes.Span);
            if (PeerMessages.IsSelfOnly(content))
                DropSpoofed(message);
            else
                await context.Handler(new MessageReceived(message.Info, content, stanza.IsOffline), writes, ct).ConfigureAwait(false);
        }
        catch (InvalidProtocolBufferException)
        {
            Refuse(stanza, NackCode.InvalidProtobuf);
        }
    }

    private async ValueTask EncryptedAsync(Stanza stanza, IncomingMessage message, DeviceWriteSet writes, CancellationToken ct)
    {
        if (message is { IsPeer: true, Info.FromMe: true, Parts.Count: > 0 } && !await TakeInAsync(stanza, message, writes, ct).ConfigureAwait(false))
        {
            // Neither committed nor acknowledged: the server delivers it again at the next connection.
            stanza.SuppressAck();
            return;
        }

        var addresses = await LockAsync(stanza, message, writes, ct).ConfigureAwait(false);
        message = message with { Info = await CompleteAsync(message.Info, writes, ct).ConfigureAwait(false) };
        if (message.Parts.Count == 0)
        {
            await AbsentAsync(stanza, message, writes, ct).ConfigureAwait(false);
            return;
        }

        var read = await reader.ReadAsync(message, addresses, writes, ct).ConfigureAwait(false);
        if (read.IdentityChanged)
            await IdentityChangedAsync(message, addresses.Device, writes, ct).ConfigureAwait(false);

        // What can be read is taken, though the sender key beside it may not be readable: the next message will ask for that.
        if (read.Failure is { } failure && (read.Content is null || MessageContents.IsEmpty(read.Content)))
            await UnreadableAsync(stanza, message, failure, writes, ct).ConfigureAwait(false);
        else
            await ReadableAsync(stanza, message, read, writes, ct).ConfigureAwait(false);
    }

    // The history behind a notification can be large and far away, and the addresses need the locks of many people's sessions. Both are
    // taken in before the message's own ratchet step is committed, and while this lane holds no lock: a sender that holds one of those
    // and waits for our phone's can't be waited for in turn, and a crash on the way only means that the server delivers the message again.
    private async ValueTask<bool> TakeInAsync(Stanza stanza, IncomingMessage message, DeviceWriteSet writes, CancellationToken ct)
    {
        var device = await context.Addresses.CanonicalAsync(message.Author, writes, ct).ConfigureAwait(false);
        var aside = new DeviceWriteSet { Earlier = writes };
        var peek = await reader.ReadAsync(message, new MessageReader.Addresses(device, null, null), aside, ct).ConfigureAwait(false);
        if (!PeerMessages.IsTakenInFirst(peek.Content))
            return true;
        await stanza.FlushEarlierAsync(ct).ConfigureAwait(false);
        return await peer.TakeInAsync(peek.Content!, ct).ConfigureAwait(false);
    }

    // Somebody else may learn the author's LID while we wait for the locks: then his records lie elsewhere, and other locks are needed.
    private async ValueTask<MessageReader.Addresses> LockAsync(Stanza stanza, IncomingMessage message, DeviceWriteSet writes, CancellationToken ct)
    {
        var (fresh, device) = await LocateAsync(message, writes, ct).ConfigureAwait(false);
        while (true)
        {
            var addresses = await NamesAsync(message, device, writes, ct).ConfigureAwait(false);
            var keys = new List<RatchetKey>(await context.Addresses.LocksForAsync(fresh, writes, ct).ConfigureAwait(false))
            {
                RatchetKey.Session(message.Author),
                RatchetKey.Session(device),
            };
            if (addresses.SenderKey is { } senderKey)
                keys.Add(RatchetKey.SenderKey(senderKey));
            await stanza.LockAsync(keys, ct).ConfigureAwait(false);

            var (freshNow, deviceNow) = await LocateAsync(message, writes, ct).ConfigureAwait(false);
            if (deviceNow == device && freshNow.SequenceEqual(fresh))
            {
                await context.LearnAsync(fresh, writes, ct).ConfigureAwait(false);
                return addresses;
            }

            (fresh, device) = (freshNow, deviceNow);
        }
    }

    private async ValueTask<(IReadOnlyList<AddressMapping> Fresh, Jid Device)> LocateAsync(
        IncomingMessage message, DeviceWriteSet writes, CancellationToken ct)
    {
        var fresh = await context.Addresses.NewOnesAsync(message.Mappings, writes, ct).ConfigureAwait(false);
        var known = await context.Addresses.CanonicalAsync(message.Author, writes, ct).ConfigureAwait(false);
        return (fresh, Canonical(message.Author, known, fresh));
    }

    private async ValueTask<MessageReader.Addresses> NamesAsync(IncomingMessage message, Jid device, DeviceWriteSet writes, CancellationToken ct)
    {
        if (message.Info.Chat.IsUser)
            return new MessageReader.Addresses(device, null, null);
        var former = await FormerAsync(message, device, writes, ct).ConfigureAwait(false);
        return new MessageReader.Addresses(
            device,
            new SenderKeyName(message.Info.Chat, device.ToSignalAddress()),
            former is { } phone ? new SenderKeyName(message.Info.Chat, phone.ToSignalAddress()) : null);
    }

    private async ValueTask<Jid?> FormerAsync(IncomingMessage message, Jid device, DeviceWriteSet writes, CancellationToken ct)
    {
        if (!device.IsLid)
            return null;
        if (message.Author.IsPhone)
            return message.Author;
        var phone = message.Info.SenderAlt ?? await context.Addresses.OtherAsync(device, writes, ct).ConfigureAwait(false);
        return phone?.WithDevice(device.Device);
    }

    private static Jid Canonical(Jid author, Jid known, IReadOnlyList<AddressMapping> fresh)
    {
        var learned = fresh.FirstOrDefault(pair => pair.Phone == author.ToUser());
        return learned is null ? known : new Jid(learned.Lid.User, author.IsHosted ? JidServers.HostedLid : JidServers.Lid, author.Device);
    }

    /// <summary>Fills in the other forms that the stanza did not tell but we know.</summary>
    private async ValueTask<MessageInfo> CompleteAsync(MessageInfo info, DeviceWriteSet writes, CancellationToken ct) => info with
    {
        ChatAlt = info.ChatAlt ?? await context.Addresses.OtherAsync(info.Chat, writes, ct).ConfigureAwait(false),
        SenderAlt = info.SenderAlt ?? await context.Addresses.OtherAsync(info.Sender, writes, ct).ConfigureAwait(false),
    };

    private async ValueTask ReadableAsync(Stanza stanza, IncomingMessage message, Decryption read, DeviceWriteSet writes, CancellationToken ct)
    {
        Acknowledge(stanza, message, PeerMessages.HistoryIn(read.Content) is not null);
        if (read.IsDuplicate || read.Content is null)
            return;
        if (!await retries.ResolveAsync(message.Info, message.Info.RetryCount > 0 || stanza.IsOffline, writes, ct).ConfigureAwait(false))
        {
            log.AlreadyAnswered(message.Info.Id);
            return;
        }

        if (PeerMessages.IsSelfOnly(read.Content))
        {
            if (!message.Info.FromMe)
                DropSpoofed(message);
            else
                await peer.HandleAsync(read.Content, writes, ct).ConfigureAwait(false);
            return;
        }

        if (message.IsPeer || MessageContents.IsEmpty(read.Content))
            return;
        await context.Handler(new MessageReceived(message.Info, read.Content, stanza.IsOffline), writes, ct).ConfigureAwait(false);
    }

    private async ValueTask UnreadableAsync(Stanza stanza, IncomingMessage message, DecryptionFailure failure, DeviceWriteSet writes, CancellationToken ct)
    {
        log.Undecryptable(message.Info.Id, failure.Reason);
        var asked = await retries.AskAsync(stanza, message, failure, writes, ct).ConfigureAwait(false);
        if (asked.IsFirst && !message.IsPeer && !message.IsHiddenOnFailure)
        {
            await context.Handler(new MessageUndecryptable(message.Info, failure.Reason, asked.IsAsked), writes, ct).ConfigureAwait(false);
        }

        // Baileys refuses a peer message's failure with a plain receipt; a retry makes no sense there.
        if (message.IsPeer)
            Acknowledge(stanza, message, isHistory: false);
        else
            Refuse(stanza, NackCode.UnhandledError);
    }

    // The server has nothing for this device: a view-once message, or a fan-out that was not meant for it, or one only the phone can give.
    private async ValueTask AbsentAsync(Stanza stanza, IncomingMessage message, DeviceWriteSet writes, CancellationToken ct)
    {
        if (message.Unavailable is "bot_unavailable_fanout" or "hosted_unavailable_fanout")
            return;
        var viewOnce = message.Unavailable is "view_once" or "view_once_unavailable_fanout";
        var asked = !viewOnce && await retries.AskPhoneForAbsentAsync(stanza, message, writes, ct).ConfigureAwait(false);
        await context.Handler(new MessageUndecryptable(message.Info, message.Unavailable ?? "absent", asked), writes, ct).ConfigureAwait(false);
    }

    private async ValueTask IdentityChangedAsync(IncomingMessage message, Jid device, DeviceWriteSet writes, CancellationToken ct)
    {
        writes.LostSenderKeys.Add(device);
        // The phone's identity vouches for all devices of the account.
        if (device.Device == 0)
            writes.DeviceLists[device.ToUser()] = null;
        if (!message.Info.FromMe)
            await context.Handler(new IdentityChanged(message.Info.Sender), writes, ct).ConfigureAwait(false);
    }

    private void Acknowledge(Stanza stanza, IncomingMessage message, bool isHistory)
    {
        var info = message.Info;
        if (message.IsPeer)
        {
            stanza.Reply(ReceiptStanzas.ToPhone(info.Id, context.Own.Device, "peer_msg"));
            if (isHistory)
                stanza.Reply(ReceiptStanzas.ToPhone(info.Id, context.Own.Device, "hist_sync"));
        }
        else if (info.FromMe)
        {
            stanza.Reply(ReceiptStanzas.Sender(info.Id, info.Chat, message.Author.ToString()));
        }
        else
        {
            stanza.Reply(ReceiptStanzas.Delivery(info.Id, stanza.Node["from"]!, stanza.Node["participant"], context.Account.IsAvailable ? null : "inactive"));
        }
    }

    private void DropSpoofed(IncomingMessage message)
    {
        log.Spoofed(message.Info.Id);
        ClientMetrics.DroppedAsSelfOnly();
    }

    private void RefuseBotReply(Stanza stanza)
    {
        ClientMetrics.DroppedAsBotReply();
        Refuse(stanza, NackCode.MissingMessageSecret);
    }

    private void Refuse(Stanza stanza, NackCode code) =>
        stanza.Reply(Acks.Build(stanza.Node, context.Own.Device, (int)code));
}
