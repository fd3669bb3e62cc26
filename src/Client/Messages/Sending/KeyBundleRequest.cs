using Evolution.Client.Connection;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Sending;

/// <summary>Asks the server for key bundles (Baileys Socket/messages-send.ts, assertSessions). Devices the server has none for are missing in the answer.</summary>
/// <param name="force">Whether a new session is wanted although there is one (<c>reason=identity</c>).</param>
internal sealed class KeyBundleRequest(IReadOnlyCollection<Jid> devices, bool force) : IqRequest<IReadOnlyList<DeviceBundle>>
{
    public override Node Build(string id)
    {
        var users = devices.Select(device => new Node("user", new NodeAttributes { { "jid", device }, { "reason", force ? "identity" : null } })).ToArray();
        return new Node(
            "iq",
            new NodeAttributes { { "id", id }, { "xmlns", "encrypt" }, { "type", "get" }, { "to", Jid.WhatsAppServer } },
            [new Node("key", null, users)]);
    }

    public override IReadOnlyList<DeviceBundle> Read(Node reply)
    {
        var bundles = new List<DeviceBundle>();
        foreach (var user in reply.Child("list")?.ChildrenOf("user") ?? [])
        {
            // A user that failed carries an error instead of keys: that device is left out, the others go on.
            if (user.Child("error") is null && user.Child("skey") is not null)
                bundles.Add(KeyBundles.Read(user));
        }

        return bundles;
    }
}
