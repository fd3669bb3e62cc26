using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Iq;

/// <summary>Block list, privacy categories, trusted-contact tokens, the about line and the disappearing-message default.</summary>
internal sealed class PrivacyIqs(SimulatedWorld world)
{
    public void AddTo(IqTable table)
    {
        table.Add("blocklist", "get", "", call => new(call.Iq.Result(world.Settings.BlockList(call.Device.Account))));
        table.Add("blocklist", "set", "item", BlockAsync);
        table.Add("privacy", "get", "privacy", call => new(call.Iq.Result(PersonalSettings.Categories(call.Device.Account.Settings.Privacy))));
        table.Add("privacy", "set", "privacy", SetPrivacyAsync);
        table.Add("privacy", "set", "tokens", IssueTokensAsync);
        table.Add("status", "set", "status", SetAboutAsync);
        table.Add("disappearing_mode", "set", "disappearing_mode", SetDisappearingAsync);
    }

    private async ValueTask<Node?> BlockAsync(IqCall call)
    {
        var account = call.Device.Account;
        if (call.Body.JidOf("jid") is not { } jid || world.Directory.Find(jid) is not { } target)
            return call.Iq.Error(404, "item-not-found");
        await world.Settings.SetBlockedAsync(account, target, call.Body["action"] != "unblock", call.Device).ConfigureAwait(false);
        return call.Iq.Result(world.Settings.BlockList(account));
    }

    private async ValueTask<Node?> SetPrivacyAsync(IqCall call)
    {
        var account = call.Device.Account;
        var values = call.Body.ChildrenOf("category").Where(category => category["name"] is not null && category["value"] is not null)
            .GroupBy(category => category["name"]!, StringComparer.Ordinal).ToDictionary(named => named.Key, named => named.Last()["value"]!, StringComparer.Ordinal);
        await world.Settings.SetPrivacyAsync(account, values, call.Device).ConfigureAwait(false);
        return call.Iq.Result(PersonalSettings.Categories(account.Settings.Privacy));
    }

    private async ValueTask<Node?> SetAboutAsync(IqCall call)
    {
        call.Device.Account.Settings.About = call.Body.Text ?? "";
        call.Device.Account.Settings.AboutChangedAt = world.Time.GetUtcNow();
        await world.Settings.SaveAsync(call.Device.Account, new Node("status"), call.Device).ConfigureAwait(false);
        return call.Iq.Result();
    }

    private async ValueTask<Node?> SetDisappearingAsync(IqCall call)
    {
        var account = call.Device.Account;
        account.Settings.DisappearingSeconds = (int)(call.Body.LongOf("duration") ?? 0);
        var change = new Node("disappearing_mode", new NodeAttributes { { "duration", account.Settings.DisappearingSeconds.ToString() }, { "t", world.UnixNow().ToString() } });
        await world.Settings.SaveAsync(account, change, call.Device).ConfigureAwait(false);
        return call.Iq.Result();
    }

    /// <summary>
    /// The issuer trusts the named people: each of their devices is told, with a token made here.
    /// Source: whatsmeow tctoken.go; Baileys src/Utils/tc-token-utils.ts.
    /// </summary>
    private async ValueTask<Node?> IssueTokensAsync(IqCall call)
    {
        var writes = new Writes();
        var issuer = call.Device.Account;
        foreach (var token in call.Body.ChildrenOf("token"))
        {
            if (token.JidOf("jid") is not { } jid || world.Directory.Find(jid) is not { } target)
                continue;
            var content = new Node("tokens", null,
            [
                new Node("token", new NodeAttributes
                {
                    { "jid", target.Jid(jid.IsLid) }, { "t", token["t"] ?? world.UnixNow().ToString() }, { "type", token["type"] ?? "trusted_contact" },
                }, world.TrustedContactToken(issuer, target)),
            ]);
            foreach (var device in target.Companions())
            {
                world.Mail.Deliver(writes, device, new Node("notification", new NodeAttributes
                {
                    { "from", issuer.Jid(jid.IsLid) }, { "type", "privacy_token" }, { "id", world.NewStanzaId() }, { "t", world.UnixNow().ToString() },
                    { "sender_lid", jid.IsLid ? null : issuer.LidJid.ToString() },
                }, [content]));
            }
        }

        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return call.Iq.Result();
    }
}
