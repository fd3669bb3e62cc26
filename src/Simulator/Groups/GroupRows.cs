using System.Text.Json;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Groups;

/// <summary>Groups as rows.</summary>
internal static class GroupRows
{
    public static void Save(Writes writes, Group group) => writes.Add(
        """
        INSERT INTO groups VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT(jid) DO UPDATE SET subject = excluded.subject, subject_at = excluded.subject_at, subject_by = excluded.subject_by
        """,
        group.Jid.ToString(), group.Creator.Number, group.ByLid ? 1L : 0L, group.CreatedAt.ToUnixTimeMilliseconds(),
        group.Subject, group.SubjectAt.ToUnixTimeMilliseconds(), group.SubjectBy.Number);

    public static void SaveSettings(Writes writes, Group group) => writes.Add(
        "INSERT OR REPLACE INTO group_settings VALUES(?1, ?2)", group.Jid.ToString(), JsonSerializer.Serialize(group.Settings, JsonSerializerOptions.Default));

    public static void SaveMember(Writes writes, Group group, Account member, GroupRole role) =>
        writes.Add("INSERT OR REPLACE INTO group_members VALUES(?1, ?2, ?3)", group.Jid.ToString(), member.Number, (long)role);

    public static void DeleteMember(Writes writes, Group group, Account member) =>
        writes.Add("DELETE FROM group_members WHERE jid = ?1 AND pn = ?2", group.Jid.ToString(), member.Number);

    public static void Load(SimulatorStore store, GroupDirectory groups, AccountDirectory accounts)
    {
        store.Query("SELECT jid, creator, lid, created_at, subject, subject_at, subject_by FROM groups", row => groups.Add(
            new Group(Jid.Parse(row.GetString(0)), Find(accounts, row.GetString(1)), row.GetInt64(2) != 0, Time(row.GetInt64(3)))
            {
                Subject = row.GetString(4),
                SubjectAt = Time(row.GetInt64(5)),
                SubjectBy = Find(accounts, row.GetString(6)),
            }));
        store.Query("SELECT jid, settings FROM group_settings", row =>
        {
            var group = groups.Find(Jid.Parse(row.GetString(0))) ?? throw new InvalidDataException("A settings row has no group.");
            group.Settings = JsonSerializer.Deserialize<GroupSettings>(row.GetString(1), JsonSerializerOptions.Default) ?? new GroupSettings();
            return 0;
        });
        store.Query("SELECT jid, pn, role FROM group_members", row =>
        {
            var group = groups.Find(Jid.Parse(row.GetString(0))) ?? throw new InvalidDataException("A member row has no group.");
            group.Set(Find(accounts, row.GetString(1)), (GroupRole)row.GetInt64(2));
            return 0;
        });
    }

    private static Account Find(AccountDirectory accounts, string number) =>
        accounts.FindNumber(number) ?? throw new InvalidDataException("A group row has no account.");

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
