using System.Security.Cryptography;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Groups;

/// <summary>Makes groups and changes them; every change is stored and told to the members' devices in one commit.</summary>
internal sealed class GroupDesk(SimulatedWorld world) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public Task<Group> CreateAsync(Account creator, string subject, IEnumerable<Account> others, bool byLid) => InTurnAsync(async writes =>
    {
        var group = new Group(MakeJid(), creator, byLid, world.Time.GetUtcNow()) { Subject = subject };
        GroupRows.Save(writes, group);
        Join(writes, group, creator, GroupRole.SuperAdmin);
        foreach (var member in others.Where(member => member != creator))
            Join(writes, group, member, GroupRole.Member);
        world.Groups.Add(group);
        Announce(writes, group, creator, new Node("create", new NodeAttributes { { "type", "new" } }, [GroupNodes.Group(group)]), []);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return group;
    });

    /// <exception cref="GroupException">403: <paramref name="by"/> is no admin.</exception>
    public Task RenameAsync(Group group, Account by, string subject) => InTurnAsync(async writes =>
    {
        RequireAdmin(group, by);
        (group.Subject, group.SubjectAt, group.SubjectBy) = (subject, world.Time.GetUtcNow(), by);
        GroupRows.Save(writes, group);
        Announce(writes, group, by, new Node("subject", new NodeAttributes
        {
            { "subject", subject }, { "s_t", world.UnixNow().ToString() }, { "s_o", by.Jid(group.ByLid) },
        }), []);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return group;
    });

    /// <summary>Says what the group is about; an empty text takes that away.</summary>
    /// <inheritdoc cref="RenameAsync"/>
    public Task DescribeAsync(Group group, Account by, string text) => InTurnAsync(async writes =>
    {
        RequireAdmin(group, by);
        var description = new GroupDescription(world.NewStanzaId(), text, world.Time.GetUtcNow(), by.Number, by.LidUser);
        group.Settings = group.Settings with { Description = text.Length == 0 ? null : description };
        GroupRows.SaveSettings(writes, group);
        Announce(writes, group, by, text.Length == 0 ? new Node("description", new NodeAttributes { { "id", description.Id } }, [new Node("delete")]) : GroupNodes.Description(group, description), []);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return group;
    });

    /// <summary>Says after how long messages disappear.</summary>
    /// <param name="seconds">0: they stay.</param>
    /// <inheritdoc cref="RenameAsync"/>
    public Task SetTimerAsync(Group group, Account by, int seconds) => InTurnAsync(async writes =>
    {
        RequireAdmin(group, by);
        group.Settings = group.Settings with { EphemeralSeconds = seconds };
        GroupRows.SaveSettings(writes, group);
        Announce(writes, group, by, GroupNodes.Timer(group), []);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return group;
    });

    /// <summary>The code of the invite link, made when there is none.</summary>
    /// <param name="renew">Makes another one; who has the old one cannot join with it.</param>
    /// <inheritdoc cref="RenameAsync"/>
    public async Task<string> InviteAsync(Group group, Account by, bool renew) => (await InTurnAsync(async writes =>
    {
        RequireAdmin(group, by);
        if (!renew && group.Settings.InviteCode is not null)
            return group;
        group.Settings = group.Settings with { InviteCode = MakeCode() };
        GroupRows.SaveSettings(writes, group);
        if (renew)
            Announce(writes, group, by, new Node("invite", new NodeAttributes { { "code", group.Settings.InviteCode } }), []);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return group;
    }).ConfigureAwait(false)).Settings.InviteCode!;

    /// <summary>Takes in somebody who has the invite link.</summary>
    /// <exception cref="GroupException">409: is a member already.</exception>
    public Task JoinAsync(Group group, Account person) => InTurnAsync(async writes =>
    {
        Require(group, person, "add");
        Join(writes, group, person, GroupRole.Member);
        Announce(writes, group, person, new Node("add", new NodeAttributes { { "reason", "invite" } }, [GroupNodes.Participant(group, person, GroupRole.Member)]), []);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return group;
    });

    /// <summary>Takes people in or out, or changes what they may do.</summary>
    /// <param name="action"><c>add</c>, <c>remove</c>, <c>promote</c> or <c>demote</c>. Somebody who removes himself leaves.</param>
    /// <exception cref="GroupException">Nothing was changed.</exception>
    public Task ChangeAsync(Group group, Account by, string action, IReadOnlyList<Account> people) => InTurnAsync(async writes =>
    {
        if (action != "remove" || people is not [var only] || only != by)
            RequireAdmin(group, by);
        foreach (var person in people)
            Require(group, person, action);
        foreach (var person in people)
            Apply(writes, group, person, action);
        var nodes = people.Select(person => GroupNodes.Participant(group, person, group.RoleOf(person) ?? GroupRole.Member));
        Announce(writes, group, by, new Node(action, null, [.. nodes]), action == "remove" ? people : []);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return group;
    });

    public void Dispose() => _turn.Dispose();

    private async Task<Group> InTurnAsync(Func<Writes, Task<Group>> change)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return await change(new Writes()).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static void Require(Group group, Account person, string action)
    {
        if (action == "add" && group.Has(person))
            throw new GroupException(409, $"{person.Number} is in the group already.");
        if (action != "add" && !group.Has(person))
            throw new GroupException(404, $"{person.Number} is not in the group.");
        if (action == "demote" && group.RoleOf(person) == GroupRole.SuperAdmin)
            throw new GroupException(403, $"{person.Number} made the group and stays its admin.");
    }

    private static void Apply(Writes writes, Group group, Account person, string action)
    {
        if (action == "remove")
        {
            group.Remove(person);
            GroupRows.DeleteMember(writes, group, person);
            return;
        }

        Join(writes, group, person, action == "promote" ? GroupRole.Admin : GroupRole.Member);
    }

    private static void Join(Writes writes, Group group, Account person, GroupRole role)
    {
        // The maker stays what he is, also when somebody promotes him.
        role = group.RoleOf(person) == GroupRole.SuperAdmin ? GroupRole.SuperAdmin : role;
        group.Set(person, role);
        GroupRows.SaveMember(writes, group, person, role);
    }

    private static void RequireAdmin(Group group, Account by)
    {
        if (group.RoleOf(by) is null or GroupRole.Member)
            throw new GroupException(403, $"{by.Number} is no admin of this group.");
    }

    /// <summary>Tells the companions; a phone looks at the group itself whenever it needs it.</summary>
    private void Announce(Writes writes, Group group, Account by, Node change, IEnumerable<Account> gone)
    {
        foreach (var device in group.Devices().Concat(gone.SelectMany(account => account.Devices())).Where(device => device.Number != 0))
            world.Mail.Deliver(writes, device, GroupNodes.Notification(group, by, change, world.NewStanzaId(), world.UnixNow()));
    }

    private static string MakeCode() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 22);

    private Jid MakeJid()
    {
        while (true)
        {
            var jid = new Jid("120363" + string.Concat(RandomNumberGenerator.GetItems<char>("0123456789", 12)), JidServers.Group);
            if (world.Groups.Find(jid) is null)
                return jid;
        }
    }
}
