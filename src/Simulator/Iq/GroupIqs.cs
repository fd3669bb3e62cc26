using Evolution.Protocol.Nodes;
using Evolution.Simulator.Groups;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Iq;

/// <summary>What a companion asks about groups. Source: Baileys src/Socket/groups.ts, whatsmeow group.go.</summary>
internal sealed class GroupIqs(SimulatedWorld world)
{
    public void AddTo(IqTable table)
    {
        table.Add("w:g2", "get", "query", Query);
        table.Add("w:g2", "get", "participating", Participating);
    }

    private ValueTask<Node?> Query(IqCall call)
    {
        var group = call.Iq.JidOf("to") is { } jid ? world.Groups.Find(jid) : null;
        if (group is null)
            return new(call.Iq.Error(404, "item-not-found"));
        return new(group.Has(call.Device.Account) ? call.Iq.Result(GroupNodes.Group(group)) : call.Iq.Error(403, "forbidden"));
    }

    private ValueTask<Node?> Participating(IqCall call) =>
        new(call.Iq.Result(new Node("groups", null, [.. world.Groups.Of(call.Device.Account).Select(GroupNodes.Group)])));
}
