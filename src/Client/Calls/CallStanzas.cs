using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Calls;

/// <summary>Reads and builds call signalling (Baileys src/Socket/messages-recv.ts: handleCall, rejectCall; src/Utils/generics.ts: getCallStatusFromNode).</summary>
internal static class CallStanzas
{
    /// <summary>Null when the stanza names no call.</summary>
    public static CallChanged? Read(Node node)
    {
        if (node.JidOf("from") is not { IsEmpty: false } from || node.Children is not [var what, ..] || what["call-id"] is not { Length: > 0 } id)
            return null;
        var creator = what.JidOf("from") ?? what.JidOf("call-creator") ?? from;
        var state = StateOf(what);
        return new CallChanged(
            id, from.ToUser(), creator, what.JidOf("caller_pn")?.ToUser(), state, state == "offer" ? KindOf(what) : null, node.TimeOf("t"), node["offline"] is not null);
    }

    /// <param name="id">Id of the stanza.</param>
    /// <param name="own">This device.</param>
    public static Node Reject(string id, Jid own, Jid creator, string callId) => new(
        "call",
        new NodeAttributes { { "id", id }, { "from", own }, { "to", creator } },
        [new Node("reject", new NodeAttributes { { "call-id", callId }, { "call-creator", creator }, { "count", "0" } })]);

    private static CallKind KindOf(Node offer)
    {
        var group = offer.JidOf("group-jid");
        return new CallKind(offer.Child("video") is not null, offer["type"] == "group" || group is not null, group);
    }

    private static string StateOf(Node what) => what.Tag switch
    {
        "offer" or "offer_notice" => "offer",
        "terminate" when what["reason"] == "timeout" => "timeout",
        "terminate" or "preaccept" or "transport" or "relaylatency" or "reject" or "accept" => what.Tag,
        _ => "ringing",
    };
}
