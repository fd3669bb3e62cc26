using Evolution.Client.Connection;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Addressing;

/// <summary>Asks for the devices and LIDs of users (Baileys Socket/messages-send.ts, getUSyncDevices; WAUSync/Protocols).</summary>
internal sealed class UserDevicesRequest(IReadOnlyCollection<Jid> users, string sid, DateTimeOffset now) : IqRequest<IReadOnlyList<UserDevices>>
{
    public override Node Build(string id) => UsyncStanzas.Build(
        id, sid, "message",
        [new Node("devices", new NodeAttributes { { "version", "2" } }), new Node("lid")],
        [.. users.Select(user => new Node("user", new NodeAttributes { { "jid", user } }, Array.Empty<Node>()))]);

    public override IReadOnlyList<UserDevices> Read(Node reply) =>
        [.. UsyncStanzas.Users(reply).Select(ReadUser).OfType<UserDevices>()];

    private UserDevices? ReadUser(Node node)
    {
        if (node.JidOf("jid") is not { } user)
            return null;
        Jid? lid = node.Child("lid")?.JidOf("val") is { IsLid: true } value ? value.ToUser() : null;
        if (node.Child("devices") is not { } devices || devices.Child("error") is not null || devices.Child("device-list") is not { } list)
            return new UserDevices(user.ToUser(), lid, null);

        var entries = list.ChildrenOf("device").Select(DeviceStanzas.ReadListed).OfType<DeviceListEntry>().ToArray();
        return new UserDevices(user.ToUser(), lid, new DeviceList(user.ToUser(), entries, now, list["hash"]));
    }
}
