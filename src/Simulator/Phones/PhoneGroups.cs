using Evolution.Proto;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;
using Google.Protobuf;

namespace Evolution.Simulator.Phones;

/// <summary>A phone's messages to groups and statuses: one skmsg for all, and the phone's sender key for each device that lacks it.</summary>
internal sealed class PhoneGroups(SimulatedWorld world, Device own, PhoneCipher cipher)
{
    /// <summary>The stanza of a new message. The caller holds the gate.</summary>
    public Node Build(Writes writes, PhoneChat chat, string id, DateTimeOffset at, Message content, OutgoingMessage how)
    {
        var lid = ByLid(chat, how);
        var audience = Audience(chat);
        var (distribution, lacking) = cipher.SenderKeys.Prepare(writes, chat.Key, audience);
        // Who reads a status is named in each of its messages, so that all of them get the key every time, as Baileys does it.
        var named = chat.Group is null ? audience : lacking;
        var shared = cipher.SenderKeys.Encrypt(writes, chat.Key, MessagePadding.Pad(content.ToByteArray()));
        var children = new List<Node> { new("enc", new NodeAttributes { { "v", "2" }, { "type", "skmsg" } }, shared) };
        if (named.Count > 0)
        {
            var give = new Message { SenderKeyDistributionMessage = Give(chat, distribution) };
            children.Add(new Node("participants", null,
                [.. named.Select(device => new Node("to", new NodeAttributes { { "jid", device.Jid(lid) } }, [cipher.Encrypt(writes, device, give)]))]));
        }

        return new Node("message", new NodeAttributes
        {
            { "id", id }, { "to", chat.Jid(lid) }, { "type", how.Type ?? "text" }, { "t", at.ToUnixTimeSeconds().ToString() },
            { "addressing_mode", chat.Group?.Mode }, { "edit", how.Edit },
        }, children);
    }

    /// <summary>The stanza of a message that a device wants again, with the sender key that opens those after it. The caller holds the gate.</summary>
    public Node Rebuild(Writes writes, PhoneChat chat, PhoneMessage message, Device requester, bool lid, string? count)
    {
        var content = message.Content.Clone();
        if (cipher.SenderKeys.Distribution(chat.Key) is { } distribution)
            content.SenderKeyDistributionMessage = Give(chat, distribution);
        return new Node("message", new NodeAttributes
        {
            { "id", message.Id }, { "to", chat.Jid(lid) }, { "participant", requester.Jid(lid) }, { "type", "text" },
            { "t", message.At.ToUnixTimeSeconds().ToString() }, { "addressing_mode", chat.Group?.Mode },
        }, [cipher.Encrypt(writes, requester, content).With("count", count)]);
    }

    /// <summary>Everybody's devices but this phone: a group's members, or the contacts, who may see statuses.</summary>
    private List<Device> Audience(PhoneChat chat)
    {
        var devices = chat.Group is { } group
            ? group.Devices()
            : own.Account.Contacts.Numbers.Select(world.Directory.FindNumber).OfType<Evolution.Simulator.Accounts.Account>().Append(own.Account)
                .SelectMany(account => account.Devices());
        return [.. devices.Where(device => device != own)];
    }

    private bool ByLid(PhoneChat chat, OutgoingMessage how) => chat.Group?.ByLid ?? how.ByLid ?? own.Account.Settings.AddressByLid;

    private static Message.Types.SenderKeyDistributionMessage Give(PhoneChat chat, byte[] distribution) => new()
    {
        GroupId = chat.Jid(lid: false).ToString(),
        AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(distribution),
    };
}
