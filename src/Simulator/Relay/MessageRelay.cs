using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Relay;

/// <summary>Takes a message apart and gives each device its own enc. The sender's ack follows the commit.</summary>
internal sealed class MessageRelay
{
    private static readonly string[] s_dropped = ["enc", "participants", "device-identity", "tctoken", "cstoken", "reporting"];
    private static readonly string[] s_passed = ["edit", "category", "push_priority", "addressing_mode"];

    private readonly SimulatedWorld _world;
    private readonly RatchetCheck _ratchets;
    private readonly GroupRelay _groups;

    public MessageRelay(SimulatedWorld world)
    {
        _world = world;
        _ratchets = new RatchetCheck(world);
        _groups = new GroupRelay(world, _ratchets);
    }

    /// <summary>Forgets which keys were used.</summary>
    public void Clear()
    {
        _ratchets.Clear();
        _groups.Clear();
    }

    public async ValueTask FromClientAsync(ServerConnection connection, Device sender, Node message)
    {
        if (message["id"] is not { Length: > 0 } || message.JidOf("to") is null)
        {
            _world.Violations.Report("bad-message", "A message needs an id and a recipient.", sender.PhoneJid, message["id"]);
            return;
        }

        var writes = new Writes();
        var ack = Relay(writes, sender, message);
        writes.AfterCommit(() => connection.Post(ack));
        await _world.Store.SubmitAsync(writes).ConfigureAwait(false);
    }

    /// <summary>Queues the message for every device it names; returns the ack for the sender.</summary>
    public Node Relay(Writes writes, Device sender, Node message)
    {
        var to = message.JidOf("to")!.Value;
        if (to.IsGroup || to.IsStatus)
            return _groups.Relay(writes, sender, message);
        var attributes = new NodeAttributes { { "class", "message" }, { "id", message["id"] }, { "from", message["to"] }, { "t", _world.UnixNow().ToString() } };
        if (_world.Directory.Find(to) is not { } recipient)
        {
            attributes.Add("error", "404");
            return new Node("ack", attributes);
        }

        _world.KnownIds.Add(message["id"]!);
        if (message["category"] != "peer" && recipient != sender.Account)
        {
            sender.Account.Contacts.Add(recipient.Number);
            recipient.Contacts.Add(sender.Account.Number);
        }

        if (message.Child("enc") is { } direct)
        {
            // A retry's answer or a peer message. Baileys adds a participants list for the same device; only the direct one counts.
            DeliverOne(writes, sender, message, to, direct, DirectRecipient(message, to));
            return new Node("ack", attributes);
        }

        var named = message.Child("participants")?.ChildrenOf("to").ToList() ?? [];
        if (named.Count == 0)
            _world.Violations.Report("bad-message", "A message has neither an enc nor participants.", sender.PhoneJid, message["id"]);
        foreach (var target in named)
        {
            if (target.JidOf("jid") is { } jid && target.Child("enc") is { } enc)
                DeliverOne(writes, sender, message, jid, enc, to);
        }

        if (message["phash"] is { } given)
            CheckDeviceHash(given, sender, recipient, to.IsLid, attributes);
        return new Node("ack", attributes);
    }

    private void DeliverOne(Writes writes, Device sender, Node message, Jid address, Node enc, Jid chat)
    {
        if (_world.Directory.FindDevice(address) is not { } target || target == sender)
            return;
        _ratchets.Observe(writes, sender, target, enc, message["id"]);
        if (enc["type"] == "pkmsg")
            DeviceIdentityCheck.Check(_world, sender, message);
        if (target.Account.HasBlocked(sender.Account))
            return;

        _world.Mail.Deliver(writes, target, Build(sender, target, message, enc, address.IsLid, chat));
    }

    private Node Build(Device sender, Device target, Node message, Node enc, bool lid, Jid chat)
    {
        var own = target.Account == sender.Account;
        var attributes = new NodeAttributes
        {
            { "from", sender.Jid(lid) },
            { "id", message["id"] },
            { "t", sender.Number == 0 ? message["t"] ?? _world.UnixNow().ToString() : _world.UnixNow().ToString() },
            { "type", message["type"] },
            { "notify", sender.Account.Name },
            { lid ? "sender_pn" : "sender_lid", own ? null : sender.Account.Jid(!lid) },
        };
        foreach (var name in s_passed)
            attributes.Add(name, message[name]);
        if (own && message["category"] != "peer")
        {
            attributes.Add("recipient", chat.ToUser());
            if (_world.Directory.Find(chat) is { } other)
                attributes.Add(chat.IsLid ? "peer_recipient_pn" : "peer_recipient_lid", other.Jid(!chat.IsLid));
        }

        var children = new List<Node> { enc };
        if (enc["type"] == "pkmsg" && message.Child("device-identity") is { } identity)
            children.Add(identity);
        children.AddRange(message.Children.Where(child => !s_dropped.Contains(child.Tag, StringComparer.Ordinal)));
        return new Node("message", attributes, children);
    }

    /// <summary>The chat of a message that goes to one device only: named by "recipient" when that is one of the sender's own.</summary>
    private static Jid DirectRecipient(Node message, Jid to) => message.JidOf("recipient") ?? to.ToUser();

    /// <summary>Tells the sender when the device list it hashed is not today's. Source: whatsmeow send.go (phash).</summary>
    private static void CheckDeviceHash(string given, Device sender, Account recipient, bool lid, NodeAttributes ack)
    {
        var devices = recipient.Devices().Concat(sender.Account.Devices()).Distinct().Select(d => d.Jid(lid));
        var expected = DeviceListHash.Of(devices);
        if (given != expected)
            ack.Add("phash", expected);
    }
}
