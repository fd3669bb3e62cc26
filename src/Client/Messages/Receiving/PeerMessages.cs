using Evolution.Client.Addressing;
using Evolution.Client.AppState;
using Evolution.Client.History;
using Evolution.Client.Messages.Retries;
using Evolution.Client.Stores;
using Evolution.Proto;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Client.Messages.Receiving;

/// <summary>What our own phone tells this device and nobody else: history, keys, addresses, and messages we asked it for.</summary>
internal sealed class PeerMessages(
    MessagingContext context, HistoryImport history, RetryRequests retries, WebMessages webMessages, ILogger<PeerMessages> log)
{
    /// <summary>The notification of history in a message, or null.</summary>
    public static Message.Types.HistorySyncNotification? HistoryIn(Message? message) =>
        message is null ? null : MessageContents.Unwrap(message).ProtocolMessage?.HistorySyncNotification;

    /// <summary>Whether nobody but our own phone may send this. A stranger's is dropped: he could hand us keys of his own choice.</summary>
    public static bool IsSelfOnly(Message message) => MessageContents.Unwrap(message).ProtocolMessage is { HasType: true } protocol
        && protocol.Type is ProtocolType.HistorySyncNotification or ProtocolType.AppStateSyncKeyShare or ProtocolType.AppStateSyncKeyRequest
            or ProtocolType.LidMigrationMappingSync or ProtocolType.PeerDataOperationRequestMessage or ProtocolType.PeerDataOperationRequestResponseMessage
            or ProtocolType.InitialSecurityNotificationSettingSync or ProtocolType.AppStateFatalExceptionNotification;

    /// <summary>Whether a message brings something that <see cref="TakeInAsync"/> stores before the message itself is.</summary>
    public static bool IsTakenInFirst(Message? message) => HistoryIn(message) is not null || MappingsIn(message) is not null;

    /// <summary>
    /// Takes in the history or the addresses a message brings, in commits of their own; the caller holds no ratchet lock.
    /// False when the history can't be had now but may be later.
    /// </summary>
    public async ValueTask<bool> TakeInAsync(Message message, CancellationToken ct)
    {
        if (MappingsIn(message) is { } mappings)
            await context.LearnNowAsync(LidMigration.Read(mappings), ct).ConfigureAwait(false);
        return HistoryIn(message) is not { } notification || await history.ImportAsync(notification, ct).ConfigureAwait(false);
    }

    /// <summary>Handles a self-only message of our own phone. What <see cref="TakeInAsync"/> takes was taken in before.</summary>
    public async ValueTask HandleAsync(Message message, DeviceWriteSet writes, CancellationToken ct)
    {
        var protocol = MessageContents.Unwrap(message).ProtocolMessage;
        switch (protocol.Type)
        {
            case ProtocolType.AppStateSyncKeyShare when protocol.AppStateSyncKeyShare is { } share:
                writes.AppStateKeys.AddRange(SharedKeys.In(share));
                break;
            case ProtocolType.PeerDataOperationRequestResponseMessage when protocol.PeerDataOperationRequestResponseMessage is { } response:
                foreach (var result in response.PeerDataOperationResult)
                {
                    if (result.PlaceholderMessageResendResponse is { HasWebMessageInfoBytes: true } resend)
                        await ReplaceAsync(resend.WebMessageInfoBytes, writes, ct).ConfigureAwait(false);
                }

                break;
        }
    }

    private static LIDMigrationMappingSyncMessage? MappingsIn(Message? message) =>
        message is not null && MessageContents.Unwrap(message).ProtocolMessage is { HasType: true, Type: ProtocolType.LidMigrationMappingSync } protocol
            ? protocol.LidMigrationMappingSyncMessage
            : null;

    private async ValueTask ReplaceAsync(ByteString bytes, DeviceWriteSet writes, CancellationToken ct)
    {
        WebMessageInfo message;
        try
        {
            message = WebMessageInfo.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            log.BadPlaceholder();
            return;
        }

        if (message.Message is null || await webMessages.DescribeAsync(message, ct).ConfigureAwait(false) is not { } info
            || !await retries.ResolveFromPhoneAsync(info, writes, ct).ConfigureAwait(false))
            return;
        await context.Handler(new MessageReceived(info, message.Message, Offline: false), writes, ct).ConfigureAwait(false);
    }
}
