using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Iq;

/// <summary>A companion's own state: active or passive, linked or leaving.</summary>
internal sealed class DeviceIqs(SimulatedWorld world)
{
    public void AddTo(IqTable table)
    {
        table.Add("passive", "set", "active", call =>
        {
            // The answer leaves before the queue does.
            call.Connection.Post(call.Iq.Result());
            world.Login.Activate(call.Connection);
            return new((Node?)null);
        });
        table.Add("passive", "set", "passive", call =>
        {
            world.Login.Deactivate(call.Connection);
            return new(call.Iq.Result());
        });
        table.Add("md", "set", "remove-companion-device", RemoveAsync);
        table.Add("md", "set", "link_code_companion_reg", call => world.Pairing.LinkCodeStageAsync(call.Connection, call.Iq));
    }

    /// <summary>How long a client may take to answer what it was sent.</summary>
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(30);

    private async ValueTask<Node?> RemoveAsync(IqCall call)
    {
        var named = call.Body.JidOf("jid") is { } jid ? world.Directory.FindDevice(jid) : null;
        if (named is null || named.Account != call.Device.Account || named.Number == 0)
            return call.Iq.Error(404, "item-not-found");
        if (named == call.Device)
            CheckAnswered(call);
        call.Connection.Post(call.Iq.Result());
        await world.Links.RemoveAsync(named).ConfigureAwait(false);
        return null;
    }

    // A client that leaves for good must have answered what it got, but for what may still be in work.
    private void CheckAnswered(IqCall call)
    {
        foreach (var stanza in call.Connection.Acks.OpenSince(world.Time.GetUtcNow() - s_answerLimit))
            world.Violations.Report("never-acked", $"The device logged out without having answered: {stanza}.", call.Device.PhoneJid);
    }
}
