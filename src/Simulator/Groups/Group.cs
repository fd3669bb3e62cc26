using Evolution.Protocol.Jids;
using Evolution.Simulator.Accounts;

namespace Evolution.Simulator.Groups;

/// <summary>A group: its subject and who is in it.</summary>
/// <param name="byLid">Whether its members are addressed by LID; else by phone number.</param>
internal sealed class Group(Jid jid, Account creator, bool byLid, DateTimeOffset createdAt)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Account, GroupRole> _members = [];

    public Jid Jid { get; } = jid;

    public Account Creator { get; } = creator;

    public bool ByLid { get; } = byLid;

    /// <summary>The addressing mode as stanzas name it.</summary>
    public string Mode => ByLid ? "lid" : "pn";

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public string Subject { get; set; } = "";

    public DateTimeOffset SubjectAt { get; set; } = createdAt;

    public Account SubjectBy { get; set; } = creator;

    public GroupSettings Settings { get; set; } = new();

    public IReadOnlyList<KeyValuePair<Account, GroupRole>> Members()
    {
        lock (_gate)
            return [.. _members.OrderBy(member => member.Key.Number, StringComparer.Ordinal)];
    }

    /// <summary>What the account is in this group; null when it is not in it.</summary>
    public GroupRole? RoleOf(Account account)
    {
        lock (_gate)
            return _members.TryGetValue(account, out var role) ? role : null;
    }

    public bool Has(Account account) => RoleOf(account) is not null;

    /// <summary>Every device of every member.</summary>
    public IEnumerable<Device> Devices() => Members().SelectMany(member => member.Key.Devices());

    public void Set(Account account, GroupRole role)
    {
        lock (_gate)
            _members[account] = role;
    }

    public void Remove(Account account)
    {
        lock (_gate)
            _members.Remove(account);
    }
}
