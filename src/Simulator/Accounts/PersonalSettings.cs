using System.Collections.Frozen;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Accounts;

/// <summary>Changes what people have set, whether they do it on the phone or on a linked device; the other linked devices are told in the same commit.</summary>
internal sealed class PersonalSettings(SimulatedWorld world)
{
    private static readonly string[] s_people = ["all", "contacts", "contact_blacklist", "none"];

    /// <summary>The privacy categories and what each may be. Source: Baileys src/Types/index.ts, whatsmeow types/user.go.</summary>
    public static FrozenDictionary<string, string[]> PrivacyValues { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["last"] = s_people,
        ["online"] = ["all", "match_last_seen"],
        ["profile"] = s_people,
        ["status"] = s_people,
        ["groupadd"] = s_people,
        ["stickers"] = s_people,
        ["readreceipts"] = ["all", "none"],
        ["calladd"] = ["all", "known"],
        ["messages"] = ["all", "contacts"],
        ["defense"] = ["off", "on_standard"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="by">The linked device that does it; null for the phone.</param>
    public Task SetPrivacyAsync(Account account, IReadOnlyDictionary<string, string> values, Device? by = null)
    {
        lock (account.Settings)
            account.Settings.Privacy = account.Settings.Privacy.SetItems(values);
        return SaveAsync(account, Categories(values), by);
    }

    /// <summary>Blocks somebody, or no longer.</summary>
    /// <inheritdoc cref="SetPrivacyAsync"/>
    public Task SetBlockedAsync(Account account, Account other, bool blocked, Device? by = null)
    {
        string before, after;
        lock (account.Settings)
        {
            before = HashOf(account);
            account.Settings.Blocked = blocked ? account.Settings.Blocked.Add(other.Number) : account.Settings.Blocked.Remove(other.Number);
            after = HashOf(account);
        }

        var item = new Node("item", new NodeAttributes { { "action", blocked ? "block" : "unblock" }, { "jid", other.LidJid }, { "pn_jid", other.PhoneJid } });
        return SaveAsync(account, new Node("blocklist", new NodeAttributes { { "dhash", after }, { "prev_dhash", before } }, [item]), by);
    }

    /// <summary>Stores the account and tells its linked devices, but for the one that did it.</summary>
    /// <param name="change">What an account_sync notification says of it. Source: whatsmeow notification.go, handleAccountSyncNotification.</param>
    public async Task SaveAsync(Account account, Node change, Device? by)
    {
        var writes = new Writes();
        AccountRows.Save(writes, account);
        foreach (var other in account.Companions().Where(device => device != by))
        {
            world.Mail.Deliver(writes, other, new Node("notification", new NodeAttributes
            {
                { "from", account.PhoneJid }, { "type", "account_sync" }, { "id", world.NewStanzaId() }, { "t", world.UnixNow().ToString() },
            }, [change]));
        }

        await world.Store.CommitAsync(writes).ConfigureAwait(false);
    }

    /// <summary>The block list as it is answered.</summary>
    public Node BlockList(Account account)
    {
        var items = account.Settings.Blocked.Select(world.Directory.FindNumber).OfType<Account>()
            .Select(other => new Node("item", new NodeAttributes { { "jid", other.LidJid }, { "pn_jid", other.PhoneJid } }));
        return new Node("list", new NodeAttributes { { "dhash", HashOf(account) } }, [.. items]);
    }

    /// <summary>Privacy categories as they are answered and told.</summary>
    public static Node Categories(IEnumerable<KeyValuePair<string, string>> values) => new("privacy", null,
        [.. values.Select(entry => new Node("category", new NodeAttributes { { "name", entry.Key }, { "value", entry.Value } }))]);

    private static string HashOf(Account account) => DeviceListHash.Of(account.Settings.Blocked.Select(number => Jid.ForPhone(number)));
}
