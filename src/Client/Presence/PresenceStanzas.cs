using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Presence;

/// <summary>Builds and reads presence (Baileys Socket/chats.ts: sendPresenceUpdate, presenceSubscribe, handlePresenceUpdate).</summary>
internal static class PresenceStanzas
{
    public static Node Doing(Jid from, Jid to, ChatState state)
    {
        var child = state switch
        {
            ChatState.Composing => new Node("composing"),
            ChatState.Recording => new Node("composing", new NodeAttributes { { "media", "audio" } }),
            _ => new Node("paused"),
        };
        return new Node("chatstate", new NodeAttributes { { "from", from }, { "to", to } }, [child]);
    }

    /// <param name="token">The peer's trusted-contact token, if we have one.</param>
    public static Node Subscribe(string id, Jid to, Node? token)
    {
        var attributes = new NodeAttributes { { "to", to }, { "id", id }, { "type", "subscribe" } };
        return token is null ? new Node("presence", attributes) : new Node("presence", attributes, [token]);
    }

    /// <summary>Reads a <c>presence</c> or <c>chatstate</c>; null when it says nothing.</summary>
    public static PresenceChanged? Read(Node node)
    {
        if (node.JidOf("from") is not { } from)
            return null;
        var chat = from.ToUser();
        var participant = node.JidOf("participant")?.ToUser();
        if (node.Tag == "presence")
        {
            var state = node["type"] == "unavailable" ? "unavailable" : "available";
            return new PresenceChanged(chat, participant, state, node.TimeOf("last"));
        }

        if (node.Children is not [var doing, ..])
            return null;
        return new PresenceChanged(chat, participant, doing["media"] == "audio" ? "recording" : doing.Tag, LastSeen: null);
    }
}
