using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;

namespace Evolution.Simulator.Groups;

/// <summary>Groups as stanzas name them. Source: Baileys src/Socket/groups.ts (extractGroupMetadata), whatsmeow group.go (parseGroupNode).</summary>
internal static class GroupNodes
{
    public static Node Group(Group group)
    {
        var members = group.Members();
        var attributes = new NodeAttributes
        {
            { "id", group.Jid.User },
            { "subject", group.Subject },
            { "s_t", group.SubjectAt.ToUnixTimeSeconds().ToString() },
            { "s_o", group.SubjectBy.Jid(group.ByLid) },
            { "creation", group.CreatedAt.ToUnixTimeSeconds().ToString() },
            { "creator", group.Creator.Jid(group.ByLid) },
            { "addressing_mode", group.Mode },
            { "size", members.Count.ToString() },
        };
        if (group.ByLid)
        {
            attributes.Add("s_o_pn", group.SubjectBy.PhoneJid);
            attributes.Add("creator_pn", group.Creator.PhoneJid);
        }

        return new Node("group", attributes,
        [
            .. members.Select(member => Participant(group, member.Key, member.Value)),
            .. group.Settings.EphemeralSeconds > 0 ? [Timer(group)] : Array.Empty<Node>(),
            .. group.Settings.Description is { } description ? [Description(group, description)] : Array.Empty<Node>(),
        ]);
    }

    /// <summary>After how long messages disappear.</summary>
    public static Node Timer(Group group) => group.Settings.EphemeralSeconds > 0
        ? new Node("ephemeral", new NodeAttributes { { "expiration", group.Settings.EphemeralSeconds.ToString() } })
        : new Node("not_ephemeral");

    public static Node Description(Group group, GroupDescription description) => new("description", new NodeAttributes
    {
        { "id", description.Id },
        { "participant", group.ByLid ? Jid.ForLid(description.ByLid) : Jid.ForPhone(description.ByNumber) },
        { "participant_pn", group.ByLid ? Jid.ForPhone(description.ByNumber).ToString() : null },
        { "t", description.At.ToUnixTimeSeconds().ToString() },
    }, [new Node("body", null, description.Text)]);

    /// <summary>A member as the group addresses him, with his other address beside it.</summary>
    public static Node Participant(Group group, Account member, GroupRole role)
    {
        var attributes = new NodeAttributes
        {
            { "jid", member.Jid(group.ByLid) },
            { group.ByLid ? "phone_number" : "lid", member.Jid(!group.ByLid) },
            { "type", role switch { GroupRole.SuperAdmin => "superadmin", GroupRole.Admin => "admin", _ => null } },
        };
        return new Node("participant", attributes);
    }

    /// <summary>What the members' devices are told of a change.</summary>
    public static Node Notification(Group group, Account by, Node change, string id, long now) => new("notification", new NodeAttributes
    {
        { "from", group.Jid },
        { "type", "w:gp2" },
        { "id", id },
        { "t", now.ToString() },
        { "participant", by.Jid(group.ByLid) },
        { group.ByLid ? "participant_pn" : "participant_lid", by.Jid(!group.ByLid) },
        { "addressing_mode", group.Mode },
        { "notify", by.Name },
    }, [change]);
}
