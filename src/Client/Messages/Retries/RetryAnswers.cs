using Evolution.Client.Dispatch;
using Evolution.Client.Messages.Sending;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Retries;

/// <summary>
/// Encrypts a message of ours again for a device that could not read it (Baileys Socket/messages-recv.ts, sendMessagesAgain). Baileys
/// sends it to everybody when the phone asks; we only to the device that asked.
/// </summary>
internal sealed class RetryAnswers(MessagingContext context, DeviceSessions sessions, Groups.Groups groups, ILogger<RetryAnswers> log)
{
    // At the second request the session is remembered; if a later one still finds it, it was of no use and is made anew.
    private const int BaseKeyCheck = 2;

    /// <summary>Answers a retry receipt.</summary>
    /// <param name="device">The device that asks.</param>
    /// <param name="chat">The chat the message belongs to.</param>
    public async ValueTask AnswerAsync(Stanza stanza, RetryRequest request, Jid device, Jid chat, DeviceWriteSet writes, CancellationToken ct)
    {
        var canonical = await context.Addresses.CanonicalAsync(device, writes, ct).ConfigureAwait(false);
        var key = RetryPolicy.AnsweredTo(request.MessageId, canonical);
        var state = await context.Store.LoadRetryAsync(key, ct).ConfigureAwait(false);
        if ((state?.Count ?? 0) >= RetryPolicy.MaxCount)
        {
            log.TooOften(request.MessageId);
            return;
        }

        if (await FindAsync(chat, request.MessageId, ct).ConfigureAwait(false) is not { } sent || !await MayReadAsync(sent, device, canonical, ct).ConfigureAwait(false))
        {
            log.NotAvailable(request.MessageId);
            return;
        }

        // Without keys in the receipt the server is asked for them, before any lock is taken.
        var bundle = request.Bundle ?? await FetchAsync(canonical, ct).ConfigureAwait(false);
        var senderKey = chat.IsGroup ? context.OwnSenderKey(chat) : (SenderKeyName?)null;
        RatchetKey[] locks = [RatchetKey.Session(canonical), .. senderKey is { } ours ? [RatchetKey.SenderKey(ours)] : Array.Empty<RatchetKey>()];
        await stanza.LockAsync(locks, ct).ConfigureAwait(false);
        var session = await new RatchetReader(context.Store, writes).SessionAsync(canonical.ToSignalAddress(), ct).ConfigureAwait(false);
        if (bundle is null && session is not null && IsUseless(session, request, state))
        {
            writes.Sessions[canonical.ToSignalAddress()] = null;
            session = null;
        }

        var message = Message.Parser.ParseFrom(sent.Content);
        if (senderKey is { } name)
            await GiveSenderKeyAsync(message, name, canonical, writes, ct).ConfigureAwait(false);
        var isOwn = context.Own.IsMe(device);
        var plain = isOwn ? DirectDelivery.DeviceSent(sent.Chat, message) : message;
        var ciphertext = await sessions.EncryptAsync(
            canonical, bundle, replace: true, MessagePadding.Pad(plain.ToByteArray()), writes, ct).ConfigureAwait(false);
        if (ciphertext is not { } encrypted)
            return;

        var baseKey = request.Count == BaseKeyCheck ? session?.BaseKey.ToArray() : state?.BaseKey;
        writes.Retries[key] = new RetryState((state?.Count ?? 0) + 1, context.Clock.Now, baseKey);
        var target = chat.IsUser
            ? new RetryTarget(request.MessageId, device, Participant: null, isOwn ? sent.Chat : null)
            : new RetryTarget(request.MessageId, chat, Participant: device, Recipient: null);
        stanza.AlsoSend(MessageStanza.Resend(target, MessageTraits.Of(message, toGroup: chat.IsGroup), encrypted, request.Count, context.DeviceIdentity));
        log.Answered(request.MessageId, request.Count);
    }

    // Whoever is not in the group any more, or never was among a status's readers, gets nothing.
    private async ValueTask<bool> MayReadAsync(SentMessage sent, Jid device, Jid canonical, CancellationToken ct)
    {
        if (context.Own.IsMe(device))
            return true;
        if (sent.Chat.IsGroup)
        {
            var members = (await groups.FindAsync(sent.Chat, ct).ConfigureAwait(false))?.Participants ?? [];
            return members.Any(member => member.Jid == device.ToUser() || member.Other == device.ToUser() || member.Jid == canonical.ToUser());
        }

        foreach (var reader in sent.Readers ?? [])
        {
            if (await context.Addresses.CanonicalAsync(reader, null, ct).ConfigureAwait(false) == canonical.ToUser())
                return true;
        }

        return sent.Readers is null;
    }

    // A device that could not read one message could not read the next either: it gets our key as it stands (Baileys Socket/messages-send.ts).
    private async ValueTask GiveSenderKeyAsync(Message message, SenderKeyName name, Jid device, DeviceWriteSet writes, CancellationToken ct)
    {
        if (await new RatchetReader(context.Store, writes).SenderKeyAsync(name, ct).ConfigureAwait(false) is not { } key)
            return;
        message.SenderKeyDistributionMessage = GroupDelivery.Give(name.Group, key);
        writes.SenderKeyRecipients[name.Group] = new HashSet<Jid> { device };
    }

    private static bool IsUseless(SessionRecord session, RetryRequest request, RetryState? state) =>
        (request.RegistrationId is { } registration && session.RemoteRegistrationId != 0 && session.RemoteRegistrationId != registration)
        || (request.Count > BaseKeyCheck && state?.BaseKey is { } former && session.BaseKey.Span.SequenceEqual(former));

    private async ValueTask<SentMessage?> FindAsync(Jid chat, string id, CancellationToken ct)
    {
        if (await context.Store.LoadSentMessageAsync(chat, id, ct).ConfigureAwait(false) is { } sent)
            return sent;
        // It was sent to the other address of the same person.
        return await context.Addresses.OtherAsync(chat, null, ct).ConfigureAwait(false) is { } other
            ? await context.Store.LoadSentMessageAsync(other, id, ct).ConfigureAwait(false)
            : null;
    }

    private async ValueTask<DeviceBundle?> FetchAsync(Jid device, CancellationToken ct)
    {
        try
        {
            return (await sessions.FetchAsync([device], force: true, ct).ConfigureAwait(false)).GetValueOrDefault(device);
        }
        catch (Exception e) when (e is IqException or TimeoutException)
        {
            // The session we have may still do.
            log.NoKeys(e);
            return null;
        }
    }
}
