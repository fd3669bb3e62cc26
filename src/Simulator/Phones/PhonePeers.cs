using Evolution.Proto;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;
using Google.Protobuf;

namespace Evolution.Simulator.Phones;

/// <summary>What a phone and its companions tell each other: app-state keys, history, and the answers to a companion's requests.</summary>
internal sealed class PhonePeers(SimulatedWorld world, Phone phone)
{
    private readonly PhoneHistory _history = new(world, phone);

    /// <summary>The first word to a new companion: the app-state key, then what was said before. The caller holds the gate.</summary>
    public void Bootstrap(Writes writes, Device companion)
    {
        ShareKey(writes, companion);
        foreach (var notification in _history.Bootstrap(writes))
            Send(writes, companion, new Message.Types.ProtocolMessage { Type = Message.Types.ProtocolMessage.Types.Type.HistorySyncNotification, HistorySyncNotification = notification });
    }

    /// <summary>Answers a companion's peer message. The caller holds the gate.</summary>
    public void Answer(Writes writes, Device companion, Message content)
    {
        // Baileys 7.0.0-rc.6 puts its requests into the envelope for own devices (src/Socket/messages-send.ts, relayMessage).
        var request = (content.DeviceSentMessage?.Message ?? content).ProtocolMessage;
        switch (request?.Type)
        {
            case Message.Types.ProtocolMessage.Types.Type.AppStateSyncKeyRequest:
                ShareKey(writes, companion);
                break;
            case Message.Types.ProtocolMessage.Types.Type.PeerDataOperationRequestMessage:
                AnswerDataRequest(writes, companion, request.PeerDataOperationRequestMessage);
                break;
            default:
                world.Violations.Report("unknown-peer-message", "A companion sent its phone a peer message without a meaning here.", companion.PhoneJid);
                break;
        }
    }

    private void ShareKey(Writes writes, Device companion)
    {
        var account = phone.Account;
        var fingerprint = new Message.Types.AppStateSyncKeyFingerprint { RawId = account.RawId, CurrentIndex = account.NextDevice - 1u };
        fingerprint.DeviceIndexes.AddRange(account.Devices().Select(d => d.KeyIndex));
        var share = new Message.Types.AppStateSyncKeyShare();
        share.Keys.Add(new Message.Types.AppStateSyncKey
        {
            KeyId = new Message.Types.AppStateSyncKeyId { KeyId = ByteString.CopyFrom(account.AppStateKey.AsSpan(0, 6)) },
            KeyData = new Message.Types.AppStateSyncKeyData
            {
                KeyData = ByteString.CopyFrom(account.AppStateKey.AsSpan(6, 32)),
                Fingerprint = fingerprint,
                Timestamp = account.RegisteredAt.ToUnixTimeMilliseconds(),
            },
        });
        Send(writes, companion, new Message.Types.ProtocolMessage { Type = Message.Types.ProtocolMessage.Types.Type.AppStateSyncKeyShare, AppStateSyncKeyShare = share });
    }

    /// <summary>A placeholder's message again, or older messages of a chat. Source: whatsmeow, Baileys src/Utils/process-message.ts.</summary>
    private void AnswerDataRequest(Writes writes, Device companion, Message.Types.PeerDataOperationRequestMessage request)
    {
        var response = new Message.Types.PeerDataOperationRequestResponseMessage { PeerDataOperationRequestType = request.PeerDataOperationRequestType };
        switch (request.PeerDataOperationRequestType)
        {
            case Message.Types.PeerDataOperationRequestType.PlaceholderMessageResend:
                foreach (var asked in request.PlaceholderMessageResendRequest)
                {
                    var result = new Message.Types.PeerDataOperationRequestResponseMessage.Types.PeerDataOperationResult();
                    if (phone.Messages.Find(asked.MessageKey.Id) is { } message)
                    {
                        result.PlaceholderMessageResendResponse = new()
                        {
                            WebMessageInfoBytes = PhoneHistory.ToWebMessage(world, message).ToByteString(),
                        };
                    }

                    response.PeerDataOperationResult.Add(result);
                }

                break;
            case Message.Types.PeerDataOperationRequestType.HistorySyncOnDemand:
                if (_history.OnDemand(writes, request.HistorySyncOnDemandRequest) is { } notification)
                {
                    Send(writes, companion, new Message.Types.ProtocolMessage
                    {
                        Type = Message.Types.ProtocolMessage.Types.Type.HistorySyncNotification,
                        HistorySyncNotification = notification,
                    });
                }

                return;
        }

        Send(writes, companion, new Message.Types.ProtocolMessage
        {
            Type = Message.Types.ProtocolMessage.Types.Type.PeerDataOperationRequestResponseMessage,
            PeerDataOperationRequestResponseMessage = response,
        });
    }

    private void Send(Writes writes, Device companion, Message.Types.ProtocolMessage content) =>
        phone.Outbox.SendPeer(writes, companion, new Message { ProtocolMessage = content });
}
