using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Google.Protobuf;

namespace Evolution.Client.Messages.Sending;

/// <summary>Messages to a person: a copy for each of his devices, and one in an envelope for each of our own others.</summary>
internal sealed class DirectDelivery(MessagingContext context, Fanout fanout, DeviceSessions sessions, TrustedContacts tokens) : IDelivery
{
    // Fields, since the plan reads them.
    private readonly MessagingContext context = context;
    private readonly Fanout fanout = fanout;
    private readonly DeviceSessions sessions = sessions;

    public async ValueTask<IDeliveryPlan> PlanAsync(Jid chat, IReadOnlyCollection<Jid>? readers, CancellationToken ct)
    {
        var targets = await fanout.ForAsync(chat, ct).ConfigureAwait(false);
        return new Plan(this, targets, await tokens.AttachmentAsync(chat, ct).ConfigureAwait(false), chat.IsLid);
    }

    /// <summary>The envelope in which our other devices get a message of ours.</summary>
    public static Message DeviceSent(Jid chat, Message message)
    {
        var envelope = new Message
        {
            DeviceSentMessage = new Message.Types.DeviceSentMessage { DestinationJid = chat.ToString(), Message = message },
        };
        if (message.MessageContextInfo is { } contextInfo)
            envelope.MessageContextInfo = contextInfo;
        return envelope;
    }

    private sealed class Plan(DirectDelivery delivery, IReadOnlyList<Fanout.Target> targets, Node? token, bool isByLid) : IDeliveryPlan
    {
        private readonly Dictionary<Jid, DeviceBundle?> bundles = [];
        private IReadOnlyList<Fanout.Target> targets = targets;

        public bool IsByLid => isByLid;

        public ValueTask PrepareAsync(CancellationToken ct) => delivery.sessions.PrepareAsync(Canonical(), bundles, ct);

        // While keys were asked for or locks awaited, a session can have ended (a new identity) or moved (a LID became known).
        public async ValueTask<bool> TryLockAsync(RatchetScope ratchets, DeviceWriteSet writes, CancellationToken ct)
        {
            await ratchets.LockAsync(Canonical().Select(RatchetKey.Session), ct).ConfigureAwait(false);
            var current = await delivery.fanout.RefreshAsync(targets, writes, ct).ConfigureAwait(false);
            var isSame = current.SequenceEqual(targets);
            targets = current;
            return isSame && (await delivery.sessions.UnpreparedAsync(Canonical(), bundles, ct).ConfigureAwait(false)).Count == 0;
        }

        public async ValueTask<Node> EncryptAsync(MessageInfo info, Message message, DeviceWriteSet writes, CancellationToken ct)
        {
            var own = delivery.context.Own;
            var plain = message.ToByteArray();
            var toRecipient = MessagePadding.Pad(plain);
            var toOwn = MessagePadding.Pad(DeviceSent(info.Chat, message).ToByteArray());
            var copies = new List<MessageStanza.Copy>(targets.Count);
            foreach (var target in targets)
            {
                var bundle = bundles.GetValueOrDefault(target.Canonical);
                var padded = target.IsOwn ? toOwn : toRecipient;
                if (await delivery.sessions.EncryptAsync(target.Canonical, bundle, replace: false, padded, writes, ct).ConfigureAwait(false) is { } ciphertext)
                    copies.Add(new MessageStanza.Copy(target.Device, ciphertext));
            }

            if (!copies.Any(copy => own.IsMe(info.Chat) || !own.IsMe(copy.Device)))
                throw new RecipientUnknownException();

            var traits = MessageTraits.Of(message, toGroup: false);
            return MessageStanza.Direct(info.Id, info.Chat, traits, copies, new MessageStanza.Extras(
                MessageStanza.StartSessions(copies) ? delivery.context.DeviceIdentity : default(ReadOnlyMemory<byte>?),
                ReportingToken.Create(message, plain, info.Id, info.Sender, info.Chat),
                token,
                traits.Meta));
        }

        private Jid[] Canonical() => [.. targets.Select(target => target.Canonical)];
    }
}
