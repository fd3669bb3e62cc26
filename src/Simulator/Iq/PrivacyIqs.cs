using Evolution.Protocol.Jids;
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
        table.Add("blocklist", "get", "", call => new(call.Iq.Result(List(call.Device.Account))));
        table.Add("blocklist", "set", "item", BlockAsync);
        table.Add("privacy", "get", "privacy", call => new(call.Iq.Result(Categories(call.Device.Account))));
        table.Add("privacy", "set", "privacy", SetPrivacyAsync);
        table.Add("privacy", "set", "tokens", IssueTokensAsync);
        table.Add("status", "set", "status", SetAboutAsync);
        table.Add("disappearing_mode", "set", "disappearing_mode", SetDisappearingAsync);
    }

    private async ValueTask<Node?> BlockAsync(IqCall call)
    {
        var account = call.Device.Account;
        var target = call.Body.JidOf("jid") is { } jid ? world.Directory.Find(jid) : null;
        if (target is null)
            return call.Iq.Error(404, "item-not-found");
        lock (account.Settings.Blocked)
        {
            if (call.Body["action"] == "unblock")
                account.Settings.Blocked.Remove(target.Number);
            else
                account.Settings.Blocked.Add(target.Number);
        }

        await SaveAsync(call, "blocklist").ConfigureAwait(false);
        return call.Iq.Result(List(account));
    }

    private async ValueTask<Node?> SetPrivacyAsync(IqCall call)
    {
        var settings = call.Device.Account.Settings;
        lock (settings.Privacy)
        {
            foreach (var category in call.Body.ChildrenOf("category"))
            {
                if (category["name"] is { } name && category["value"] is { } value)
                    settings.Privacy[name] = value;
            }
        }

        await SaveAsync(call, "privacy").ConfigureAwait(false);
        return call.Iq.Result(Categories(call.Device.Account));
    }

    private async ValueTask<Node?> SetAboutAsync(IqCall call)
    {
        call.Device.Account.Settings.About = call.Body.Text ?? "";
        await SaveAsync(call, "status").ConfigureAwait(false);
        return call.Iq.Result();
    }

    private async ValueTask<Node?> SetDisappearingAsync(IqCall call)
    {
        call.Device.Account.Settings.DisappearingSeconds = (int)(call.Body.LongOf("duration") ?? 0);
        await SaveAsync(call, "disappearing_mode").ConfigureAwait(false);
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

    private async Task SaveAsync(IqCall call, string what)
    {
        var writes = new Writes();
        AccountRows.Save(writes, call.Device.Account);
        foreach (var other in call.Device.Account.Companions().Where(d => d != call.Device))
        {
            world.Mail.Deliver(writes, other, new Node("notification", new NodeAttributes
            {
                { "from", call.Device.Account.PhoneJid }, { "type", "account_sync" }, { "id", world.NewStanzaId() }, { "t", world.UnixNow().ToString() },
            }, [new Node(what)]));
        }

        await world.Store.CommitAsync(writes).ConfigureAwait(false);
    }

    private Node List(Account account)
    {
        string[] blocked;
        lock (account.Settings.Blocked)
            blocked = [.. account.Settings.Blocked];
        var items = blocked.Select(number => world.Directory.FindNumber(number)).OfType<Account>()
            .Select(other => new Node("item", new NodeAttributes { { "jid", other.LidJid }, { "pn_jid", other.PhoneJid } }));
        return new Node("list", new NodeAttributes { { "dhash", DeviceListHash.Of(blocked.Select(number => Jid.ForPhone(number))) } }, [.. items]);
    }

    private static Node Categories(Account account)
    {
        lock (account.Settings.Privacy)
        {
            return new Node("privacy", null, [.. account.Settings.Privacy.Select(entry =>
                new Node("category", new NodeAttributes { { "name", entry.Key }, { "value", entry.Value } }))]);
        }
    }
}
