using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Pairing;

/// <summary>Adds and removes linked devices and tells everybody whom it concerns.</summary>
internal sealed class DeviceLinks(SimulatedWorld world)
{
    /// <summary>Makes the device known; on return it is on disk.</summary>
    public async Task AddAsync(Device device)
    {
        var writes = new Writes();
        device.Account.Add(device);
        AccountRows.Save(writes, device.Account);
        AccountRows.Save(writes, device);
        Announce(writes, device, "add");
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
    }

    /// <summary>Unlinks the device: its keys and queue are forgotten, its connection ends with 401 device_removed.</summary>
    public async Task RemoveAsync(Device device)
    {
        var writes = new Writes();
        device.Removed = true;
        device.Account.Remove(device);
        AccountRows.Delete(writes, device);
        Announce(writes, device, "remove");
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        device.Connection?.Finish(NodeExtensions.StreamError(401, NodeExtensions.Conflict("device_removed")), "the device was removed");
    }

    /// <summary>Tells the contacts' companions that somebody's identity is a new one. Source: whatsmeow notification.go, handleEncryptNotification.</summary>
    public void AnnounceIdentity(Writes writes, Account account)
    {
        foreach (var contact in world.Groups.Acquaintances(account, world.Directory))
        {
            foreach (var other in contact.Companions())
                world.Mail.Deliver(writes, other, Notification(account, "encrypt", new Node("identity"), account.LidJid));
        }
    }

    private void Announce(Writes writes, Device changed, string what)
    {
        var account = changed.Account;
        var devices = account.Devices();
        var indexes = new Node("key-index-list", new NodeAttributes { { "ts", world.UnixNow().ToString() } }, KeyIndexes.Issue(account, world.UnixNow()));
        var body = new Node(what,
            new NodeAttributes
            {
                { "device_hash", DeviceListHash.Of(devices.Select(d => d.PhoneJid)) }, { "device_lid_hash", DeviceListHash.Of(devices.Select(d => d.LidJid)) },
            },
            [
                new Node("device", new NodeAttributes
                {
                    { "jid", changed.PhoneJid }, { "lid", changed.LidJid }, { "key-index", changed.KeyIndex.ToString() },
                }),
                indexes,
            ]);
        foreach (var contact in world.Groups.Acquaintances(account, world.Directory))
        {
            foreach (var other in contact.Companions())
                world.Mail.Deliver(writes, other, Notification(account, "devices", body, account.LidJid));
        }

        var list = new Node("devices", new NodeAttributes { { "dhash", DeviceListHash.Of(devices.Select(d => d.PhoneJid)) } },
        [
            .. devices.Select(d => new Node("device", new NodeAttributes { { "jid", d.PhoneJid }, { "key-index", d.Number == 0 ? null : d.KeyIndex.ToString() } })),
            indexes,
        ]);
        foreach (var other in account.Companions().Where(d => d != changed))
            world.Mail.Deliver(writes, other, Notification(account, "account_sync", list, null));
    }

    private Node Notification(Account account, string type, Node body, Jid? lid) => new("notification", new NodeAttributes
    {
        { "from", account.PhoneJid }, { "type", type }, { "id", world.NewStanzaId() }, { "t", world.UnixNow().ToString() }, { "lid", lid?.ToString() },
    }, [body]);
}
