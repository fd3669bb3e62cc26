using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Relay;

/// <summary>Call signalling: acknowledged, and passed on to the other side's devices.</summary>
internal sealed class CallRelay(SimulatedWorld world)
{
    public async ValueTask FromClientAsync(ServerConnection connection, Device sender, Node call)
    {
        var writes = new Writes();
        Relay(writes, sender, call);
        var ack = new Node("ack", new NodeAttributes
        {
            { "class", "call" }, { "id", call["id"] }, { "from", call["to"] }, { "type", call.Children.Count > 0 ? call.Children[0].Tag : null },
        });
        writes.AfterCommit(() => connection.Post(ack));
        await world.Store.SubmitAsync(writes).ConfigureAwait(false);
    }

    public void Relay(Writes writes, Device sender, Node call)
    {
        if (call.JidOf("to") is not { } to || world.Directory.Find(to) is not { } account || account.HasBlocked(sender.Account))
            return;
        writes.AfterCommit(() => world.FindPhone(account.Number)?.Calls.Hear(call));
        foreach (var device in to.Device == 0 ? account.Companions() : account.Companions().Where(d => d.Number == to.Device))
        {
            world.Mail.Deliver(writes, device, new Node("call", new NodeAttributes
            {
                { "from", sender.Jid(to.IsLid) }, { "id", call["id"] }, { "t", world.UnixNow().ToString() }, { "notify", sender.Account.Name },
                { "platform", sender.Number == 0 ? "android" : "web" }, { "version", "2.24.10.80" },
            }, call.Children));
        }
    }
}
