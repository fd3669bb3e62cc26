using Evolution.Client.Dispatch;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Addressing;

/// <summary>
/// A user linked or removed a device. A list that is known is changed accordingly; otherwise the next send asks for it
/// (Baileys Socket/messages-recv.ts, handleDevicesNotification; whatsmeow notification.go, handleDeviceNotification).
/// </summary>
internal sealed class DeviceNotifications(MessagingContext context) : IStanzaHandler
{
    public string Tag => "notification";

    public string? Type => "devices";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (stanza.Node.JidOf("from") is not { IsUser: true } from || stanza.Node.Children is not [var change, ..])
            return;

        var pair = AddressBook.Pair(from, stanza.Node.JidOf("lid"));
        var fresh = await context.Addresses.NewOnesAsync(pair is null ? [] : [pair], writes, ct).ConfigureAwait(false);
        var canonical = (await context.Addresses.CanonicalAsync(pair?.Lid ?? from, writes, ct).ConfigureAwait(false)).ToUser();
        var devices = change.ChildrenOf("device").ToArray();
        var removed = change.Tag == "remove" ? devices.Select(node => node.JidOf("jid")).OfType<Jid>().ToArray() : [];

        var locks = new List<RatchetKey>(await context.Addresses.LocksForAsync(fresh, writes, ct).ConfigureAwait(false));
        locks.AddRange(removed.SelectMany(device => Forms(device, canonical)).Select(RatchetKey.Session));
        await stanza.LockAsync(locks, ct).ConfigureAwait(false);
        await context.LearnAsync(fresh, writes, ct).ConfigureAwait(false);
        foreach (var device in removed.SelectMany(device => Forms(device, canonical)))
            writes.Sessions[device.ToSignalAddress()] = null;
        writes.DeviceLists[canonical] = await ChangedAsync(canonical, change, devices, writes, ct).ConfigureAwait(false);
        await context.Handler(new DevicesChanged(from.ToUser()), writes, ct).ConfigureAwait(false);
    }

    private static IEnumerable<Jid> Forms(Jid device, Jid canonical)
    {
        yield return device;
        if (device.IsPhone && canonical.IsLid)
            yield return new Jid(canonical.User, device.IsHosted ? JidServers.HostedLid : JidServers.Lid, device.Device);
    }

    // The changed list, or null where only a fresh one will do.
    private async ValueTask<DeviceList?> ChangedAsync(Jid user, Node change, Node[] devices, DeviceWriteSet writes, CancellationToken ct)
    {
        if (await KnownAsync(user, writes, ct).ConfigureAwait(false) is not { } known)
            return null;
        var named = devices.Select(node => node.JidOf("jid")?.Device).OfType<ushort>().ToHashSet();
        var rest = known.Devices.Where(device => !named.Contains(device.Id));
        return change.Tag switch
        {
            "remove" => known with { Devices = [.. rest], Hash = change["device_hash"] },
            "add" when devices.Select(DeviceStanzas.ReadNotified).ToArray() is var added && !added.Contains(null) =>
                known with { Devices = [.. rest, .. added.OfType<DeviceListEntry>()], Hash = change["device_hash"] },
            _ => null,
        };
    }

    private async ValueTask<DeviceList?> KnownAsync(Jid user, DeviceWriteSet writes, CancellationToken ct)
    {
        for (var set = writes; set is not null; set = set.Earlier)
        {
            if (set.DeviceLists.TryGetValue(user, out var pending))
                return pending;
        }

        return (await context.Store.LoadDeviceListsAsync([user], ct).ConfigureAwait(false)).GetValueOrDefault(user);
    }
}
