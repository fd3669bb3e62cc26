using Evolution.Client.Connection;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Groups;

/// <summary>Asks what a group is (Baileys Socket/groups.ts, groupMetadata). The server refuses with 404 or 403 where we are not in it.</summary>
internal sealed class GroupMetadataRequest(Jid group) : IqRequest<GroupMetadata>
{
    public override Node Build(string id) => new(
        "iq",
        new NodeAttributes { { "id", id }, { "type", "get" }, { "xmlns", "w:g2" }, { "to", group } },
        [new Node("query", new NodeAttributes { { "request", "interactive" } })]);

    public override GroupMetadata Read(Node reply) => GroupStanzas.Read(reply.Child("group") ?? throw new FormatException("An answer without group."));
}
