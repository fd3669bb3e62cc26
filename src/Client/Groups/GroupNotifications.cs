using Evolution.Client.Dispatch;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Groups;

/// <summary>
/// A group was made or changed. What we know of it is forgotten, so that the next message goes to those who are in it then; somebody who left
/// makes that message begin a new sender key (Baileys Utils/process-message.ts and Socket/messages-recv.ts, handleGroupNotification).
/// </summary>
internal sealed class GroupNotifications(MessagingContext context, Groups groups) : IStanzaHandler
{
    public string Tag => "notification";

    public string? Type => "w:gp2";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (stanza.Node.JidOf("from") is not { IsGroup: true } group)
            return;
        // Before the commit already: should that fail, asking once too often does no harm.
        groups.Forget(group);
        var by = stanza.Node.JidOf("participant")?.ToUser();
        var other = (stanza.Node.JidOf("participant_pn") ?? stanza.Node.JidOf("participant_lid"))?.ToUser();
        if (by is { } author && other is not null)
            Learn(stanza, [new GroupParticipant(author, other, GroupRole.Member)]);
        foreach (var change in stanza.Node.Children)
        {
            var members = GroupStanzas.Participants(change.Child("group") ?? change);
            Learn(stanza, members);
            if (Read(group, by, other, change, members) is { } e)
                await context.Handler(e, writes, ct).ConfigureAwait(false);
        }
    }

    // Learned in a commit of its own, which needs the locks of many people's sessions; this lane may hold some of them.
    private void Learn(Stanza stanza, IReadOnlyList<GroupParticipant> members) => stanza.AfterCommit(_ =>
    {
        context.Background.TryRun("learn a group's addresses", ct => context.LearnNowAsync(Groups.Pairs(members), ct).AsTask());
        return ValueTask.CompletedTask;
    });

    private static WhatsAppEvent? Read(Jid group, Jid? by, Jid? other, Node change, IReadOnlyList<GroupParticipant> members) => change.Tag switch
    {
        "create" when change.Child("group") is { } made => new GroupJoined(GroupStanzas.Read(made) with { Jid = group }),
        "add" or "remove" or "promote" or "demote" => new GroupParticipantsChanged(group, by, change.Tag, members) { ByOther = other },
        "leave" => new GroupParticipantsChanged(group, by, "remove", members) { ByOther = other },
        "subject" => new GroupRenamed(group, by, change["subject"] ?? "") { ByOther = other },
        _ => null,
    };
}
