using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Addressing;

/// <summary>The frame of user queries (Baileys Socket/socket.ts, executeUSyncQuery).</summary>
internal static class UsyncStanzas
{
    public static Node Build(string id, string sid, string context, IReadOnlyList<Node> protocols, IReadOnlyList<Node> users) => new(
        "iq",
        new NodeAttributes { { "id", id }, { "to", Jid.WhatsAppServer }, { "type", "get" }, { "xmlns", "usync" } },
        [
            new Node(
                "usync",
                new NodeAttributes { { "context", context }, { "mode", "query" }, { "sid", sid }, { "last", "true" }, { "index", "0" } },
                [new Node("query", null, protocols), new Node("list", null, users)]),
        ]);

    public static IEnumerable<Node> Users(Node reply) => reply.Child("usync")?.Child("list")?.ChildrenOf("user") ?? [];
}
