using Evolution.Protocol.Jids;

namespace Evolution.Client.Groups;

/// <summary>What a group is and who is in it.</summary>
/// <param name="Jid">The group's address.</param>
/// <param name="Subject">Its name.</param>
/// <param name="IsByLid">Whether it addresses its members by LID; else by phone JID.</param>
public sealed record GroupMetadata(Jid Jid, string Subject, bool IsByLid, IReadOnlyList<GroupParticipant> Participants)
{
    /// <summary>Who set the name last; null when the server does not say.</summary>
    public Jid? SubjectBy { get; init; }

    /// <summary>When the name was set.</summary>
    public DateTimeOffset? SubjectAt { get; init; }

    /// <summary>Who made the group; null when the server does not say.</summary>
    public Jid? Creator { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The description; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Id of the description as it is now; whoever changes it names it.</summary>
    public string? DescriptionId { get; init; }

    /// <summary>Who wrote the description; null when the server does not say.</summary>
    public Jid? DescriptionBy { get; init; }

    /// <summary>When the description was written.</summary>
    public DateTimeOffset? DescriptionAt { get; init; }

    /// <summary>The community that the group belongs to; null for none.</summary>
    public Jid? Community { get; init; }

    /// <summary>Whether it is a community: the parent of groups.</summary>
    public bool IsCommunity { get; init; }

    /// <summary>Whether it is a community's group for announcements.</summary>
    public bool IsCommunityAnnouncement { get; init; }

    /// <summary>Whether an admin has to let in who wants to join.</summary>
    public bool RequiresApproval { get; init; }

    /// <summary>Whether members who are no admins may add people.</summary>
    public bool MembersMayAdd { get; init; }

    /// <summary>Whether only admins write.</summary>
    public bool IsAnnouncement { get; init; }

    /// <summary>Whether only admins change subject, description and picture.</summary>
    public bool IsLocked { get; init; }

    /// <summary>After how many seconds messages disappear; null when they stay.</summary>
    public long? DisappearingSeconds { get; init; }
}
