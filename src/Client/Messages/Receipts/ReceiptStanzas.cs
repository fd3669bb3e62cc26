using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Receipts;

/// <summary>Builds receipts as Baileys does (Socket/messages-send.ts, sendReceipt).</summary>
internal static class ReceiptStanzas
{
    /// <summary>A message arrived here.</summary>
    /// <param name="type">Null for plain delivery, or <c>inactive</c>.</param>
    public static Node Delivery(string id, string to, string? participant, string? type) =>
        new("receipt", new NodeAttributes { { "id", id }, { "to", to }, { "participant", participant }, { "type", type } });

    /// <summary>A message that another device of ours sent arrived here.</summary>
    public static Node Sender(string id, Jid chat, string author)
    {
        var attributes = new NodeAttributes { { "id", id } };
        if (chat.IsUser)
        {
            attributes.Add("recipient", chat);
            attributes.Add("to", author);
        }
        else
        {
            attributes.Add("to", chat);
            attributes.Add("participant", author);
        }

        attributes.Add("type", "sender");
        return new Node("receipt", attributes);
    }

    /// <summary>A message of our own phone that no person sees was stored (<c>peer_msg</c>), or a history chunk (<c>hist_sync</c>).</summary>
    public static Node ToPhone(string id, Jid phone, string type) =>
        new("receipt", new NodeAttributes { { "id", id }, { "to", phone.ToUser() }, { "type", type } });

    /// <summary>Messages of one author in one chat were read or played.</summary>
    /// <param name="type"><c>read</c>, <c>read-self</c>, <c>played</c> or <c>played-self</c>.</param>
    public static Node Seen(IReadOnlyList<string> ids, Jid chat, Jid? participant, string type, DateTimeOffset at)
    {
        var attributes = new NodeAttributes { { "id", ids[0] } };
        if (type is "read" or "read-self")
            attributes.Add("t", at.ToUnixTimeSeconds().ToString());
        attributes.Add("to", chat);
        if (participant is { } author)
            attributes.Add("participant", author);
        attributes.Add("type", type);
        if (ids.Count == 1)
            return new Node("receipt", attributes);

        var items = ids.Skip(1).Select(id => new Node("item", new NodeAttributes { { "id", id } })).ToArray();
        return new Node("receipt", attributes, [new Node("list", null, items)]);
    }
}
