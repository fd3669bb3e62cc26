using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Groups;

/// <summary>Reads groups as stanzas describe them (Baileys Socket/groups.ts, extractGroupMetadata; whatsmeow group.go, parseGroupNode).</summary>
internal static class GroupStanzas
{
    /// <summary>Reads a <c>group</c> node.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    public static GroupMetadata Read(Node group)
    {
        var id = group["id"] is { Length: > 0 } text ? text : throw new FormatException("A group without id.");
        var jid = id.Contains('@', StringComparison.Ordinal) ? Jid.Parse(id) : new Jid(id, JidServers.Group);
        var description = group.Child("description");
        return new GroupMetadata(jid, group["subject"] ?? "", group["addressing_mode"] == "lid", Participants(group))
        {
            SubjectBy = group.JidOf("s_o")?.ToUser(),
            SubjectAt = group.TimeOf("s_t"),
            Creator = group.JidOf("creator")?.ToUser(),
            CreatedAt = group.TimeOf("creation"),
            Description = description?.Child("body")?.Text,
            DescriptionId = description?["id"],
            DescriptionBy = description?.JidOf("participant")?.ToUser(),
            DescriptionAt = description?.TimeOf("t"),
            Community = group.Child("linked_parent")?.JidOf("jid"),
            IsCommunity = group.Child("parent") is not null,
            IsCommunityAnnouncement = group.Child("default_sub_group") is not null,
            RequiresApproval = group.Child("membership_approval_mode")?.Child("group_join")?["state"] == "on",
            MembersMayAdd = group.Child("member_add_mode")?.Text == "all_member_add",
            IsAnnouncement = group.Child("announcement") is not null,
            IsLocked = group.Child("locked") is not null,
            DisappearingSeconds = group.Child("ephemeral")?.LongOf("expiration") is > 0 and var seconds ? seconds : null,
        };
    }

    /// <summary>The people that a node names, of a group or of a change to one.</summary>
    public static IReadOnlyList<GroupParticipant> Participants(Node parent) =>
    [
        .. from node in parent.ChildrenOf("participant")
           let jid = node.JidOf("jid")
           where jid is { IsUser: true }
           select new GroupParticipant(jid.Value.ToUser(), (node.JidOf("phone_number") ?? node.JidOf("lid"))?.ToUser(), RoleOf(node["type"])),
    ];

    private static GroupRole RoleOf(string? type) => type switch
    {
        "superadmin" => GroupRole.SuperAdmin,
        "admin" => GroupRole.Admin,
        _ => GroupRole.Member,
    };
}
