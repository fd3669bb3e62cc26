using System.Text.Json;
using Evolution.Client.Groups;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>Groups in events.</summary>
internal static class GroupJson
{
    /// <summary>What a group is, with the addresses that the group itself uses.</summary>
    public static void Write(Utf8JsonWriter writer, GroupMetadata group)
    {
        writer.WriteStartObject();
        writer.WriteString("id", group.Jid.ToString());
        writer.WriteString("addressingMode", group.IsByLid ? "lid" : "pn");
        writer.WriteString("subject", group.Subject);
        WritePerson(writer, group, "subjectOwner", group.SubjectBy);
        WriteTime(writer, "subjectTime", group.SubjectAt);
        writer.WriteNumber("size", group.Participants.Count);
        WriteTime(writer, "creation", group.CreatedAt);
        WritePerson(writer, group, "owner", group.Creator);
        WriteDescription(writer, group);
        if (group.Community is { } community)
            writer.WriteString("linkedParent", community.ToString());
        writer.WriteBoolean("restrict", group.IsLocked);
        writer.WriteBoolean("announce", group.IsAnnouncement);
        writer.WriteBoolean("isCommunity", group.IsCommunity);
        writer.WriteBoolean("isCommunityAnnounce", group.IsCommunityAnnouncement);
        writer.WriteBoolean("joinApprovalMode", group.RequiresApproval);
        writer.WriteBoolean("memberAddMode", group.MembersMayAdd);
        writer.WriteStartArray("participants");
        foreach (var participant in group.Participants)
            WriteParticipant(writer, participant);
        writer.WriteEndArray();
        if (group.DisappearingSeconds is { } seconds)
            writer.WriteNumber("ephemeralDuration", seconds);
        writer.WriteEndObject();
    }

    /// <summary>A group's new name.</summary>
    /// <param name="by">Who gave it, as clients see him; null when it is not known.</param>
    public static void WriteRenamed(Utf8JsonWriter writer, Jid group, string subject, Jid? by)
    {
        writer.WriteStartObject();
        writer.WriteString("id", group.ToString());
        writer.WriteString("subject", subject);
        if (by is { } author)
            writer.WriteString("author", author.ToString());
        writer.WriteEndObject();
    }

    /// <summary>
    /// People who came, went, or may do more or less: as addresses, and once more with what is known of them. (Evolution 2.3.6 means to write both,
    /// but its library hands it objects, so that it writes those alone.)
    /// </summary>
    /// <param name="by">Who did it, as clients see him; null when it is not known.</param>
    public static void WriteParticipants(Utf8JsonWriter writer, Jid group, string action, IReadOnlyList<GroupParticipant> people, Jid? by)
    {
        writer.WriteStartObject();
        writer.WriteString("id", group.ToString());
        if (by is { } author)
            writer.WriteString("author", author.ToString());
        writer.WriteStartArray("participants");
        foreach (var person in people)
            writer.WriteStringValue(Shown(person).ToString());
        writer.WriteEndArray();
        writer.WriteString("action", action);
        writer.WriteStartArray("participantsData");
        foreach (var person in people)
        {
            writer.WriteStartObject();
            writer.WriteString("jid", Shown(person).ToString());
            writer.WriteString("phoneNumber", Shown(person) is { IsPhone: true } phone ? phone.ToString() : person.Jid.User);
            if (LidOf(person) is { } lid)
                writer.WriteString("lid", lid.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteDescription(Utf8JsonWriter writer, GroupMetadata group)
    {
        if (group.Description is not { } description)
            return;
        writer.WriteString("desc", description);
        if (group.DescriptionId is { } id)
            writer.WriteString("descId", id);
        if (group.DescriptionBy is { } author)
            writer.WriteString("descOwner", author.ToString());
        WriteTime(writer, "descTime", group.DescriptionAt);
    }

    private static void WriteParticipant(Utf8JsonWriter writer, GroupParticipant participant)
    {
        writer.WriteStartObject();
        writer.WriteString("id", participant.Jid.ToString());
        if (participant.Other is { } other)
            writer.WriteString(other.IsPhone ? "phoneNumber" : "lid", other.ToString());
        writer.WriteStringOrNull("admin", participant.Role switch { GroupRole.SuperAdmin => "superadmin", GroupRole.Admin => "admin", _ => null });
        writer.WriteEndObject();
    }

    private static void WritePerson(Utf8JsonWriter writer, GroupMetadata group, string name, Jid? person)
    {
        if (person is not { } jid)
            return;
        writer.WriteString(name, jid.ToString());
        if (jid.IsLid && group.Participants.FirstOrDefault(participant => participant.Jid == jid)?.Other is { IsPhone: true } phone)
            writer.WriteString(name + "Pn", phone.ToString());
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            writer.WriteNumber(name, known.ToUnixTimeSeconds());
    }

    private static Jid Shown(GroupParticipant person) => person.Jid.IsLid && person.Other is { IsPhone: true } phone ? phone : person.Jid;

    private static Jid? LidOf(GroupParticipant person) => person.Jid.IsLid ? person.Jid : person.Other;
}
