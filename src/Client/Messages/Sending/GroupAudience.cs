using Evolution.Client.Addressing;
using Evolution.Client.Groups;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Sending;

/// <summary>Who gets a message under a sender key: the devices of a group's members, or of a status's readers and our own.</summary>
/// <param name="Mode">How the group addresses people, as its stanzas say; null for a status.</param>
/// <param name="DisappearingSeconds">After how many seconds the group's messages disappear; null when they stay.</param>
/// <param name="Devices">Every device but this one, as the stanza names it.</param>
/// <param name="Hash">The hash of all the group's devices, by which the server sees whether we know them; null for a status.</param>
internal sealed record GroupAudience(Jid Chat, string? Mode, long? DisappearingSeconds, IReadOnlyList<Jid> Devices, string? Hash)
{
    public bool IsByLid => Mode is null ? Devices.Any(device => device.IsLid) : Mode == "lid";

    public static async ValueTask<GroupAudience> OfGroupAsync(
        GroupMetadata group, MessagingContext context, DeviceDirectory directory, CancellationToken ct)
    {
        // Hosted devices get no group messages (Baileys Socket/messages-send.ts, whatsmeow send.go).
        var devices = await directory.DevicesOfAsync([.. group.Participants.Select(participant => participant.Jid)], ct).ConfigureAwait(false);
        var all = devices.Where(device => !device.IsHosted).ToArray();
        var own = context.Own;
        return new GroupAudience(
            group.Jid, group.IsByLid ? "lid" : "pn", group.DisappearingSeconds, [.. all.Where(device => !own.IsThisDevice(device))], DeviceListHash.Of(all));
    }

    public static async ValueTask<GroupAudience> OfStatusAsync(
        IEnumerable<Jid> readers, MessagingContext context, DeviceDirectory directory, CancellationToken ct)
    {
        var own = context.Own;
        var people = new HashSet<Jid>();
        var others = new List<Jid>();
        foreach (var reader in readers.Select(reader => reader.ToUser()).Where(reader => reader.IsUser && !own.IsMe(reader)))
        {
            // Somebody who is named by both his addresses has one session per device, not two.
            if (people.Add(await context.Addresses.CanonicalAsync(reader, null, ct).ConfigureAwait(false)))
                others.Add(reader);
        }

        var devices = await directory.DevicesOfAsync([.. others, own.Device.ToUser()], ct).ConfigureAwait(false);
        return new GroupAudience(Jid.Status, null, null, [.. devices.Where(device => !device.IsHosted && !own.IsThisDevice(device))], null);
    }
}
