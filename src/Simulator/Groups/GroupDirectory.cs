using System.Collections.Concurrent;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Accounts;

namespace Evolution.Simulator.Groups;

/// <summary>Which groups there are, and who knows whom through them.</summary>
internal sealed class GroupDirectory
{
    private readonly ConcurrentDictionary<Jid, Group> _groups = new();

    public IReadOnlyList<Group> All => [.. _groups.Values.OrderBy(group => group.Jid.User, StringComparer.Ordinal)];

    public Group? Find(Jid jid) => _groups.GetValueOrDefault(jid);

    /// <summary>The group whose invite link has this code.</summary>
    public Group? FindInvite(string code) => All.FirstOrDefault(group => group.Settings.InviteCode == code);

    public IEnumerable<Group> Of(Account account) => All.Where(group => group.Has(account));

    /// <summary>Everybody who hears of an account's devices: whom it has written with, and who is in a group with it.</summary>
    public IReadOnlyCollection<Account> Acquaintances(Account account, AccountDirectory directory) =>
    [
        .. account.Contacts.Numbers.Select(directory.FindNumber).OfType<Account>()
            .Union(Of(account).SelectMany(group => group.Members()).Select(member => member.Key))
            .Where(other => other != account),
    ];

    public bool Add(Group group) => _groups.TryAdd(group.Jid, group);

    public void Clear() => _groups.Clear();
}
