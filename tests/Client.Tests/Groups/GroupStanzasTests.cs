using Xunit;
using Evolution.Client.Groups;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Tests.Groups;

/// <summary>Groups as the server describes them.</summary>
public sealed class GroupStanzasTests
{
    private static readonly Jid Author = Jid.Parse("100000000000001@lid");

    [Fact]
    public void Everything_that_is_told_of_a_group_is_read()
    {
        var group = GroupStanzas.Read(new Node("group", new NodeAttributes { { "id", "120363000000000001" }, { "subject", "Club" }, { "addressing_mode", "lid" } },
        [
            new Node("description", new NodeAttributes { { "id", "3EB0" }, { "participant", Author }, { "t", "1730640310" } }, [new Node("body", null, "about"u8.ToArray())]),
            new Node("linked_parent", new NodeAttributes { { "jid", "120363000000000002@g.us" } }),
            new Node("parent"),
            new Node("default_sub_group"),
            new Node("membership_approval_mode", null, [new Node("group_join", new NodeAttributes { { "state", "on" } })]),
            new Node("member_add_mode", null, "all_member_add"u8.ToArray()),
            new Node("announcement"),
            new Node("locked"),
        ]));

        Assert.Equal(
            ("about", "3EB0", Author, DateTimeOffset.FromUnixTimeSeconds(1730640310), "120363000000000002@g.us"),
            (group.Description, group.DescriptionId, group.DescriptionBy, group.DescriptionAt, group.Community?.ToString()));
        Assert.True(group is { IsCommunity: true, IsCommunityAnnouncement: true, RequiresApproval: true, MembersMayAdd: true, IsAnnouncement: true, IsLocked: true });
    }

    [Fact]
    public void What_is_not_told_of_a_group_is_off()
    {
        var group = GroupStanzas.Read(new Node("group", new NodeAttributes { { "id", "120363000000000001" } },
        [
            new Node("membership_approval_mode", null, [new Node("group_join", new NodeAttributes { { "state", "off" } })]),
            new Node("member_add_mode", null, "admin_add"u8.ToArray()),
        ]));

        Assert.True(group is { IsCommunity: false, IsCommunityAnnouncement: false, RequiresApproval: false, MembersMayAdd: false, Community: null, Description: null, DescriptionId: null });
    }
}
