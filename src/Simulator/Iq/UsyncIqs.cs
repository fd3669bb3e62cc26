using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Pairing;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Iq;

/// <summary>Who is on WhatsApp, which devices and which LID somebody has. Source: Baileys src/WAUSync, whatsmeow user.go.</summary>
internal sealed class UsyncIqs(SimulatedWorld world)
{
    public void AddTo(IqTable table) => table.Add("usync", "get", "usync", Answer);

    private ValueTask<Node?> Answer(IqCall call)
    {
        var usync = call.Body;
        var protocols = usync.Child("query")?.Children ?? [];
        var users = new List<Node>();
        foreach (var user in usync.Child("list")?.ChildrenOf("user") ?? [])
        {
            if (AnswerUser(user, protocols, call.Device.Account) is { } answer)
                users.Add(answer);
        }

        var attributes = new NodeAttributes
        {
            { "sid", usync["sid"] }, { "index", usync["index"] ?? "0" }, { "last", usync["last"] ?? "true" },
            { "mode", usync["mode"] }, { "context", usync["context"] },
        };
        return new(call.Iq.Result(new Node("usync", attributes,
        [
            new Node("result", null, [.. protocols.Select(protocol => new Node(protocol.Tag, new NodeAttributes()))]),
            new Node("list", null, users),
        ])));
    }

    private Node? AnswerUser(Node user, IReadOnlyList<Node> protocols, Account asker)
    {
        var asked = user.JidOf("jid");
        var query = user.Child("contact")?.Text;
        var account = asked is { } jid ? world.Directory.Find(jid) : query is null ? null : world.Directory.FindDialled(Digits(query));
        // Whoever is looked up by number is told under the number that is registered.
        var shown = asked ?? (query is null ? default : account?.PhoneJid ?? Jid.ForPhone(Digits(query)));
        if (shown.IsEmpty)
            return null;

        var results = new List<Node>();
        foreach (var protocol in protocols)
        {
            if (AnswerProtocol(protocol, account, shown, query, asker) is { } result)
                results.Add(result);
        }

        var attributes = new NodeAttributes { { "jid", shown.ToUser() } };
        if (account is not null && shown.IsLid)
            attributes.Add("pn_jid", account.PhoneJid);
        return new Node("user", attributes, results);
    }

    private Node? AnswerProtocol(Node protocol, Account? account, Jid asked, string? query, Account asker) => protocol.Tag switch
    {
        "contact" => query is null
            ? new Node("contact", new NodeAttributes { { "type", account is null ? "out" : "in" } })
            : new Node("contact", new NodeAttributes { { "type", account is null ? "out" : "in" } }, query),
        _ when account is null => protocol.Tag == "devices" ? Missing("devices") : null,
        "devices" => Devices(account),
        "lid" => asked.IsPhone ? new Node("lid", new NodeAttributes { { "val", account.LidJid } }) : null,
        "status" => About(account, asker),
        "disappearing_mode" => new Node("disappearing_mode", new NodeAttributes
        {
            { "duration", account.Settings.DisappearingSeconds.ToString() }, { "t", account.RegisteredAt.ToUnixTimeSeconds().ToString() },
        }),
        "picture" => Missing("picture"),
        "business" => new Node("business", new NodeAttributes()),
        "username" => new Node("username", new NodeAttributes()),
        "bot" => Missing("bot"),
        _ => Missing(protocol.Tag),
    };

    // A line that the asker may not see is a code in its place. Source: Baileys src/WAUSync/Protocols/USyncStatusProtocol.ts.
    private static Node About(Account account, Account asker)
    {
        if (account != asker && (account.HasBlocked(asker) || account.Settings.Privacy.GetValueOrDefault("status") == "none"))
            return new Node("status", new NodeAttributes { { "code", "401" }, { "type", "fail" } });
        var setAt = account.Settings.AboutChangedAt ?? account.RegisteredAt;
        return new Node("status", new NodeAttributes { { "t", setAt.ToUnixTimeSeconds().ToString() } }, account.Settings.About);
    }

    private Node Devices(Account account)
    {
        var devices = account.Devices();
        var list = devices.Select(device =>
        {
            var attributes = new NodeAttributes { { "id", device.Number.ToString() } };
            if (device.Number != 0)
                attributes.Add("key-index", device.KeyIndex.ToString());
            return new Node("device", attributes);
        });
        return new Node("devices", null,
        [
            new Node("device-list", new NodeAttributes { { "hash", DeviceListHash.Of(devices.Select(d => d.PhoneJid)) } }, [.. list]),
            new Node("key-index-list", new NodeAttributes { { "ts", world.UnixNow().ToString() } }, KeyIndexes.Issue(account, world.UnixNow())),
        ]);
    }

    private static Node Missing(string tag) =>
        new(tag, null, [new Node("error", new NodeAttributes { { "code", "404" }, { "text", "item-not-found" } })]);

    private static string Digits(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return string.Concat((at < 0 ? text : text[..at]).Where(char.IsAsciiDigit));
    }
}
