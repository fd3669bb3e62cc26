using Evolution.Client.Groups;
using Evolution.Protocol.Jids;

namespace Evolution.Client;

/// <summary>This account is in a new group.</summary>
public sealed record GroupJoined(GroupMetadata Group) : WhatsAppEvent;

/// <summary>A group has another name.</summary>
/// <param name="By">Who named it; null when the server does not say.</param>
public sealed record GroupRenamed(Jid Group, Jid? By, string Subject) : WhatsAppEvent
{
    /// <summary>His other address, the LID for the phone JID and the other way round; null when the server does not say.</summary>
    public Jid? ByOther { get; init; }
}

/// <summary>People came into a group, left it, or may do more or less in it.</summary>
/// <param name="By">Who did it; null when the server does not say. Whoever removes himself leaves.</param>
/// <param name="Action"><c>add</c>, <c>remove</c>, <c>promote</c> or <c>demote</c>.</param>
public sealed record GroupParticipantsChanged(Jid Group, Jid? By, string Action, IReadOnlyList<GroupParticipant> Participants) : WhatsAppEvent
{
    /// <summary>The other address of who did it, the LID for the phone JID and the other way round; null when the server does not say.</summary>
    public Jid? ByOther { get; init; }
}
