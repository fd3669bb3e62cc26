using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages.Sending;

/// <summary>What the next message to a group or status needs: whether our sender key must be a new one, and who must be given it.</summary>
/// <param name="Key">The key; null to begin a new one.</param>
/// <param name="Targets">The devices that are given it with this message.</param>
internal sealed record SenderKeyPlan(SenderKeyRecord? Key, IReadOnlyList<SenderKeyPlan.Target> Targets)
{
    /// <summary>A device as the stanza names it, and as its session is kept.</summary>
    internal readonly record struct Target(Jid Device, Jid Canonical);

    /// <summary>
    /// Looks who has the key. When somebody who was given it is not in the audience any more, the next message must not be readable with it:
    /// there is a new one, for all. (Baileys and whatsmeow go on with the old key.)
    /// </summary>
    public static async ValueTask<SenderKeyPlan> MakeAsync(GroupAudience audience, SenderKeyName name, MessagingContext context, CancellationToken ct)
    {
        var all = new List<Target>(audience.Devices.Count);
        foreach (var device in audience.Devices)
            all.Add(new Target(device, await context.Addresses.CanonicalAsync(device, null, ct).ConfigureAwait(false)));
        var recipients = await context.Store.LoadSenderKeyRecipientsAsync(audience.Chat, ct).ConfigureAwait(false);
        var current = all.Select(target => target.Canonical).ToHashSet();
        var key = recipients.Keys.All(current.Contains) && await context.Store.LoadSenderKeyAsync(name, ct).ConfigureAwait(false) is { } bytes
            ? SenderKeyRecord.Parse(bytes)
            : null;
        // A status names its readers by giving each of them the key, every time (Baileys Socket/messages-send.ts, relayMessage).
        return new SenderKeyPlan(key, key is null || audience.Chat.IsStatus ? all : [.. all.Where(target => !recipients.GetValueOrDefault(target.Canonical))]);
    }

    /// <summary>Whether nothing relevant changed since an earlier look.</summary>
    public bool IsAs(SenderKeyPlan earlier) => Key is null == earlier.Key is null && Targets.SequenceEqual(earlier.Targets);
}
