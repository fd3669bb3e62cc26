using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>The rows that tell of groups, unless the instance ignores them.</summary>
internal sealed class GroupEvents(EventRows events)
{
    public IEnumerable<IAttachedWrite> Joined(GroupJoined joined) => Of(EventNames.GroupsUpsert, joined.Group.Jid, writer =>
    {
        writer.WriteStartArray();
        GroupJson.Write(writer, joined.Group);
        writer.WriteEndArray();
    });

    /// <param name="by">Who did it, as clients see him.</param>
    public IEnumerable<IAttachedWrite> Renamed(GroupRenamed renamed, Jid? by) => Of(EventNames.GroupsUpdate, renamed.Group, writer =>
    {
        writer.WriteStartArray();
        GroupJson.WriteRenamed(writer, renamed.Group, renamed.Subject, by);
        writer.WriteEndArray();
    });

    /// <param name="by">Who did it, as clients see him.</param>
    public IEnumerable<IAttachedWrite> ParticipantsChanged(GroupParticipantsChanged changed, Jid? by) => Of(
        EventNames.GroupParticipantsUpdate,
        changed.Group,
        writer => GroupJson.WriteParticipants(writer, changed.Group, changed.Action, changed.Participants, by));

    private IEnumerable<IAttachedWrite> Of(string name, Jid group, Action<System.Text.Json.Utf8JsonWriter> data) =>
        events.Instance.Settings.GroupsIgnore ? [] : events.Of(name, group.ToString(), data);
}
