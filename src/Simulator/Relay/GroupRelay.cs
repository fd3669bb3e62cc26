using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Groups;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Relay;

/// <summary>
/// Messages to a group or to the readers of a status: each device gets the shared skmsg, and with it the enc that was meant for it alone.
/// </summary>
internal sealed class GroupRelay(SimulatedWorld world, RatchetCheck ratchets)
{
    private static readonly string[] s_dropped = ["enc", "participants", "device-identity", "reporting"];

    private readonly SenderKeyCheck _senderKeys = new(world);

    public void Clear() => _senderKeys.Clear();

    /// <summary>Queues the message for everybody whom it concerns; returns the ack for the sender.</summary>
    public Node Relay(Writes writes, Device sender, Node message)
    {
        var to = message.JidOf("to")!.Value;
        var ack = new NodeAttributes { { "class", "message" }, { "id", message["id"] }, { "from", to }, { "t", world.UnixNow().ToString() } };
        var group = world.Groups.Find(to);
        if (!to.IsStatus && Refusal(group, sender, message) is { } error)
        {
            ack.Add("error", error.ToString());
            return new Node("ack", ack);
        }

        world.KnownIds.Add(message["id"]!);
        if (message.ChildrenOf("enc").FirstOrDefault(enc => enc["type"] is "msg" or "pkmsg") is { } direct)
            Resend(writes, sender, message, direct, group, to);
        else
            Distribute(writes, sender, message, group, to, ack);
        return new Node("ack", ack);
    }

    /// <summary>421 for a former way of addressing. Source: Baileys src/Socket/messages-recv.ts (handleBadAck).</summary>
    private static int? Refusal(Group? group, Device sender, Node message)
    {
        if (group is null)
            return 404;
        if (!group.Has(sender.Account))
            return 403;
        return message["addressing_mode"] is { } mode && mode != group.Mode ? 421 : null;
    }

    /// <summary>A retry's answer. Baileys adds a participants list for the same device; only the direct one counts.</summary>
    private void Resend(Writes writes, Device sender, Node message, Node enc, Group? group, Jid to)
    {
        if (message.JidOf("participant") is not { } named || world.Directory.FindDevice(named) is not { } target
            || target == sender || group?.Has(target.Account) == false)
            return;
        ratchets.Observe(writes, sender, target, enc, message["id"]);
        _senderKeys.Given(writes, sender, to, target);
        if (enc["type"] == "pkmsg")
            DeviceIdentityCheck.Check(world, sender, message);
        world.Mail.Deliver(writes, target, Build(sender, message, group, named.IsLid, [enc]));
    }

    private void Distribute(Writes writes, Device sender, Node message, Group? group, Jid to, NodeAttributes ack)
    {
        var shared = message.ChildrenOf("enc").FirstOrDefault(enc => enc["type"] == "skmsg");
        if (shared is null)
        {
            world.Violations.Report("bad-message", "A message to a group or status has no skmsg.", sender.PhoneJid, message["id"]);
            return;
        }

        var named = new Dictionary<Device, (Node Enc, bool Lid)>();
        var readers = new Dictionary<Device, bool>();
        foreach (var target in message.Child("participants")?.ChildrenOf("to") ?? [])
        {
            if (target.JidOf("jid") is not { } jid)
                continue;
            if (target.Child("enc") is { } enc && world.Directory.FindDevice(jid) is { } device && device != sender)
                named[device] = (enc, jid.IsLid);
            // Who has the key may be named without an enc, as a person and not by device: seen on the wire from whatsapp-rust.
            foreach (var reader in target.Child("enc") is null ? world.Directory.Find(jid)?.Devices() ?? [] : [])
                readers[reader] = jid.IsLid;
        }

        Device[] audience = group is null ? [.. named.Keys.Union(readers.Keys).Where(device => device != sender)] : [.. group.Devices().Where(device => device != sender)];
        foreach (var (device, (enc, _)) in named)
            ratchets.Observe(writes, sender, device, enc, message["id"]);
        if (named.Values.Any(item => item.Enc["type"] == "pkmsg"))
            DeviceIdentityCheck.Check(world, sender, message);
        var lacking = _senderKeys.Observe(writes, sender, to, shared, message["id"], named.Keys, audience);
        if (group is not null)
            CheckDeviceHash(sender, message, group, lacking, ack);
        foreach (var device in audience)
        {
            var own = named.TryGetValue(device, out var item) ? item.Enc : null;
            var lid = group?.ByLid ?? (own is null ? readers[device] : item.Lid);
            // The key comes before what it opens.
            world.Mail.Deliver(writes, device, Build(sender, message, group, lid, own is null ? [shared] : [own, shared]));
        }
    }

    /// <summary>
    /// Tells the sender when the device list it hashed is not today's. If it is, the sender has no excuse for a device without its key.
    /// Source: whatsmeow send.go (phash).
    /// </summary>
    private void CheckDeviceHash(Device sender, Node message, Group group, IReadOnlyList<Device> lacking, NodeAttributes ack)
    {
        if (message["phash"] is not { } given)
            return;
        var expected = DeviceListHash.Of(group.Devices().Select(device => device.Jid(group.ByLid)));
        if (given != expected)
        {
            ack.Add("phash", expected);
        }
        else if (lacking.Count > 0)
        {
            world.Violations.Report("sender-key-missing",
                $"{lacking.Count} devices of the group have no key for this message, {lacking[0].PhoneJid} among them.", sender.PhoneJid, message["id"]);
        }
    }

    private Node Build(Device sender, Node message, Group? group, bool lid, IReadOnlyList<Node> encs)
    {
        var attributes = new NodeAttributes
        {
            { "from", message["to"] },
            { "participant", sender.Jid(lid) },
            { lid ? "participant_pn" : "participant_lid", sender.Account.Jid(!lid) },
            { "addressing_mode", group?.Mode },
            { "id", message["id"] },
            { "t", sender.Number == 0 ? message["t"] ?? world.UnixNow().ToString() : world.UnixNow().ToString() },
            { "type", message["type"] },
            { "notify", sender.Account.Name },
            { "edit", message["edit"] },
        };
        var children = new List<Node>(encs);
        if (encs.Any(enc => enc["type"] == "pkmsg") && message.Child("device-identity") is { } identity)
            children.Add(identity);
        children.AddRange(message.Children.Where(child => !s_dropped.Contains(child.Tag, StringComparer.Ordinal)));
        return new Node("message", attributes, children);
    }
}
