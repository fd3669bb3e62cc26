using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Connection;

/// <summary>The stanzas that belong to the connection itself. Shapes as Baileys, src/Socket/socket.ts and src/Socket/chats.ts.</summary>
internal static class ConnectionStanzas
{
    public static Node Ping(string id) => Iq(id, "get", "w:p", new Node("ping"));

    public static Node Pong(Node ping) => Result(ping);

    /// <summary>The empty result of an iq from the server.</summary>
    public static Node Result(Node iq, Node? content = null)
    {
        var attributes = new NodeAttributes { { "to", iq["from"] ?? Jid.WhatsAppServer.ToString() }, { "type", "result" }, { "id", iq["id"] } };
        return content is null ? new Node("iq", attributes) : new Node("iq", attributes, [content]);
    }

    public static Node Iq(string id, string type, string xmlns, Node? content = null)
    {
        var attributes = new NodeAttributes { { "to", Jid.WhatsAppServer }, { "type", type }, { "xmlns", xmlns }, { "id", id } };
        return content is null ? new Node("iq", attributes) : new Node("iq", attributes, [content]);
    }

    public static Node Passive(string id, bool passive) => Iq(id, "set", "passive", new Node(passive ? "passive" : "active"));

    public static Node OfflineBatch(int count) =>
        new("ib", null, [new Node("offline_batch", new NodeAttributes { { "count", count.ToString() } })]);

    /// <summary>The telemetry id WhatsApp Web derives from the week: (now + 3 days) mod 7 days, in milliseconds of the server's clock.</summary>
    public static Node UnifiedSession(DateTimeOffset serverNow)
    {
        const long day = 24 * 60 * 60 * 1000;
        var id = (serverNow.ToUnixTimeMilliseconds() + (3 * day)) % (7 * day);
        return new Node("ib", null, [new Node("unified_session", new NodeAttributes { { "id", id.ToString() } })]);
    }

    public static Node Presence(string pushName, bool available) =>
        new("presence", new NodeAttributes { { "name", pushName.Replace("@", "", StringComparison.Ordinal) }, { "type", available ? "available" : "unavailable" } });

    public static Node CleanDirty(string id, string type, string? timestamp) =>
        Iq(id, "set", "urn:xmpp:whatsapp:dirty", new Node("clean", new NodeAttributes { { "type", type }, { "timestamp", timestamp } }));

    public static Node RemoveCompanion(string id, Jid device) =>
        Iq(id, "set", "md", new Node("remove-companion-device", new NodeAttributes { { "jid", device }, { "reason", "user_initiated" } }));

    public static IqException ReadError(Node answer)
    {
        var error = answer.Child("error");
        var backOff = error?.LongOf("backoff") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return new IqException((int)(error?.LongOf("code") ?? 500), error?["text"] ?? "error", backOff);
    }

    /// <summary>The same stanza with an id.</summary>
    public static Node WithId(Node node, string id)
    {
        var attributes = new NodeAttributes();
        foreach (var (name, value) in node.Attributes)
            attributes.Add(name, value);
        attributes.Add("id", id);
        return node.Children.Count > 0
            ? new Node(node.Tag, attributes, node.Children)
            : node.HasContent ? new Node(node.Tag, attributes, node.Bytes) : new Node(node.Tag, attributes);
    }
}
