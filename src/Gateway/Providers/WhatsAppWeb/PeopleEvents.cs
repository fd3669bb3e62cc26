using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>The rows that tell of people: names, presence, newly known numbers.</summary>
internal sealed class PeopleEvents(EventRows events, SavingOptions saving)
{
    /// <param name="shown">The person as clients see it.</param>
    public IEnumerable<IAttachedWrite> NameChanged(PushNameChanged change, Jid shown)
    {
        if (!saving.Contacts)
            return [];
        return
        [
            new UpsertContact(change.User, shown.ToString())
            {
                PushName = change.Name,
                OnlyIfStored = true,
                WhenChanged = events.Of(EventNames.ContactsUpdate, writer =>
                {
                    writer.WriteStartArray();
                    ContactJson.Write(writer, shown.ToString(), change.Name, events.Instance.Id);
                    writer.WriteEndArray();
                }),
            },
        ];
    }

    /// <summary>A person who was only known by LID has a number now: clients that filed things under the LID are told.</summary>
    public IEnumerable<IAttachedWrite> NumberKnown(AddressLearned learned) => events.Of(EventNames.ContactsUpdate, writer =>
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("remoteJid", learned.Phone.ToUser().ToString());
        writer.WriteString("lid", learned.Lid.ToUser().ToString());
        writer.WriteNull("profilePicUrl");
        writer.WriteString("instanceId", events.Instance.Id);
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    /// <param name="chat">The chat as clients see it.</param>
    /// <param name="person">The person as clients see it.</param>
    public IEnumerable<IAttachedWrite> Presence(PresenceChanged change, Jid chat, Jid person) => events.Of(EventNames.PresenceUpdate, chat.ToString(), writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", chat.ToString());
        writer.WriteStartObject("presences");
        writer.WriteStartObject(person.ToString());
        writer.WriteString("lastKnownPresence", change.State == "paused" ? "available" : change.State);
        if (change.LastSeen is { } seen)
            writer.WriteNumber("lastSeen", seen.ToUnixTimeSeconds());
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
