using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;
using Google.Protobuf;

namespace Evolution.Client.Messages.Sending;

/// <summary>Sends messages that no person sees to our own phone (Baileys Socket/messages-send.ts, sendPeerDataOperationMessage).</summary>
internal sealed class PeerSender(MessagingContext context, DeviceSessions sessions)
{
    private static readonly TimeSpan AckTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Sends a request about our data and waits for the server to take it.</summary>
    /// <returns>The message's id, which the phone's answer names.</returns>
    /// <exception cref="ConnectionLostException">There is no connection, or it ended before the ack.</exception>
    /// <exception cref="TimeoutException">The server did not take it in time.</exception>
    public async Task<string> RequestAsync(Message.Types.PeerDataOperationRequestMessage request, CancellationToken ct)
    {
        var id = MessageId.Create();
        var message = new Message
        {
            ProtocolMessage = new Message.Types.ProtocolMessage
            {
                Type = Message.Types.ProtocolMessage.Types.Type.PeerDataOperationRequestMessage,
                PeerDataOperationRequestMessage = request,
            },
        };
        var phone = context.Own.Device.ToUser();
        var canonical = await context.Addresses.CanonicalAsync(phone, null, ct).ConfigureAwait(false);
        var prepared = new Dictionary<Jid, DeviceBundle?>();
        await sessions.PrepareAsync([canonical], prepared, ct).ConfigureAwait(false);
        Task acknowledged;
        using (await context.Ratchets.AcquireAsync([RatchetKey.Session(canonical)], ct).ConfigureAwait(false))
        {
            var writes = new DeviceWriteSet();
            var ciphertext = await sessions.EncryptAsync(
                canonical, prepared.GetValueOrDefault(canonical), replace: false, MessagePadding.Pad(message.ToByteArray()), writes, ct).ConfigureAwait(false)
                ?? throw new RecipientUnknownException();
            await context.CommitAsync(writes).ConfigureAwait(false);
            var identity = ciphertext.Kind == CiphertextKind.PreKeyMessage ? context.DeviceIdentity : (ReadOnlyMemory<byte>?)null;
            acknowledged = context.Channel.SendForAckAsync(MessageStanza.Peer(id, phone, ciphertext, identity), id, AckTimeout, ct);
        }

        await acknowledged.ConfigureAwait(false);
        return id;
    }
}
