using Evolution.Client.Addressing;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Google.Protobuf;

namespace Evolution.Client.Messages.Sending;

/// <summary>
/// Messages to a group or the readers of a status: encrypted once, under our sender key, which travels in a pairwise message to each device
/// that does not have it. Who has it is stored with the step of the key.
/// </summary>
internal sealed class GroupDelivery(MessagingContext context, Groups.Groups groups, DeviceDirectory devices, DeviceSessions sessions) : IDelivery
{
    // Fields, since the plan reads them.
    private readonly MessagingContext context = context;
    private readonly DeviceSessions sessions = sessions;

    public async ValueTask<IDeliveryPlan> PlanAsync(Jid chat, IReadOnlyCollection<Jid>? readers, CancellationToken ct)
    {
        var audience = await FindAudienceAsync(chat, readers, ct).ConfigureAwait(false);
        var name = context.OwnSenderKey(chat);
        return new Plan(this, audience, name, await SenderKeyPlan.MakeAsync(audience, name, context, ct).ConfigureAwait(false));
    }

    /// <summary>The message that gives a device our sender key.</summary>
    public static Message.Types.SenderKeyDistributionMessage Give(Jid chat, SenderKeyRecord key) => new()
    {
        GroupId = chat.ToString(),
        AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(GroupCipher.DistributionOf(key)),
    };

    private async ValueTask<GroupAudience> FindAudienceAsync(Jid chat, IReadOnlyCollection<Jid>? readers, CancellationToken ct)
    {
        if (chat.IsStatus)
            return await GroupAudience.OfStatusAsync(readers ?? [], context, devices, ct).ConfigureAwait(false);
        var group = await groups.FindAsync(chat, ct).ConfigureAwait(false)
            ?? throw new RecipientUnknownException("There is no such group, or this account is not in it.");
        return await GroupAudience.OfGroupAsync(group, context, devices, ct).ConfigureAwait(false);
    }

    private sealed class Plan(GroupDelivery delivery, GroupAudience audience, SenderKeyName name, SenderKeyPlan plan) : IDeliveryPlan
    {
        private readonly Dictionary<Jid, DeviceBundle?> bundles = [];
        private SenderKeyPlan plan = plan;

        public bool IsByLid => audience.IsByLid;

        public ValueTask PrepareAsync(CancellationToken ct) => delivery.sessions.PrepareAsync(Canonical(), bundles, ct);

        // While keys were asked for or locks awaited, another message can have given the key to the same devices, or a session ended or moved.
        public async ValueTask<bool> TryLockAsync(RatchetScope ratchets, DeviceWriteSet writes, CancellationToken ct)
        {
            await ratchets.LockAsync([RatchetKey.SenderKey(name), .. Canonical().Select(RatchetKey.Session)], ct).ConfigureAwait(false);
            var current = await SenderKeyPlan.MakeAsync(audience, name, delivery.context, ct).ConfigureAwait(false);
            var isSame = current.IsAs(plan);
            plan = current;
            return isSame && (await delivery.sessions.UnpreparedAsync(Canonical(), bundles, ct).ConfigureAwait(false)).Count == 0;
        }

        public async ValueTask<Node> EncryptAsync(MessageInfo info, Message message, DeviceWriteSet writes, CancellationToken ct)
        {
            var key = plan.Key ?? GroupCipher.Create().Record;
            if (plan.Key is null)
                writes.RenewedSenderKeys.Add(audience.Chat);
            var copies = await GiveAsync(key, writes, ct).ConfigureAwait(false);
            var plain = message.ToByteArray();
            var (stepped, ciphertext) = GroupCipher.Encrypt(key, MessagePadding.Pad(plain));
            writes.SenderKeys[name] = stepped.ToBytes();

            var traits = MessageTraits.Of(message, toGroup: true);
            return MessageStanza.Group(info.Id, audience, traits, ciphertext, copies, new MessageStanza.Extras(
                MessageStanza.StartSessions(copies) ? delivery.context.DeviceIdentity : default(ReadOnlyMemory<byte>?),
                ReportingToken.Create(message, plain, info.Id, info.Sender, info.Chat),
                Token: null,
                traits.Meta));
        }

        private Jid[] Canonical() => [.. plan.Targets.Select(target => target.Canonical)];

        // A device without keys on the server gets nothing now, and is tried again with the next message.
        private async ValueTask<IReadOnlyList<MessageStanza.Copy>> GiveAsync(SenderKeyRecord key, DeviceWriteSet writes, CancellationToken ct)
        {
            if (plan.Targets.Count == 0)
                return [];
            var padded = MessagePadding.Pad(new Message { SenderKeyDistributionMessage = Give(audience.Chat, key) }.ToByteArray());
            var copies = new List<MessageStanza.Copy>(plan.Targets.Count);
            var given = new HashSet<Jid>(plan.Targets.Count);
            foreach (var (device, canonical) in plan.Targets)
            {
                var bundle = bundles.GetValueOrDefault(canonical);
                if (await delivery.sessions.EncryptAsync(canonical, bundle, replace: false, padded, writes, ct).ConfigureAwait(false) is not { } ciphertext)
                    continue;
                copies.Add(new MessageStanza.Copy(device, ciphertext));
                given.Add(canonical);
            }

            writes.SenderKeyRecipients[audience.Chat] = given;
            return copies;
        }
    }
}
