using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>The rows that tell of calls.</summary>
internal sealed class CallEvents(EventRows events, TimeProvider time)
{
    // Steps of setting a call up, which Evolution's clients know nothing of.
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal) { "preaccept", "transport", "relaylatency" };

    /// <param name="chat">The chat as clients see it.</param>
    /// <param name="caller">Who called, as clients see it.</param>
    public IEnumerable<IAttachedWrite> Changed(CallChanged call, Jid chat, Jid caller) => Silent.Contains(call.State) ? [] : events.Of(EventNames.Call, chat.ToString(), writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("chatId", chat.ToString());
        writer.WriteString("from", caller.ToString());
        writer.WriteString("id", call.Id);
        writer.WriteString("date", WireJson.Time(call.At ?? time.GetUtcNow()));
        writer.WriteBoolean("offline", call.Offline);
        writer.WriteString("status", call.State);
        if (call.Kind is { } kind)
        {
            writer.WriteBoolean("isVideo", kind.IsVideo);
            writer.WriteBoolean("isGroup", kind.IsGroup);
            if (kind.Group is { } group)
                writer.WriteString("groupJid", group.ToString());
        }

        writer.WriteEndObject();
    });
}
