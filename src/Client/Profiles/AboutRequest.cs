using Evolution.Client.Addressing;
using Evolution.Client.Connection;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Profiles;

/// <summary>Asks for a person's about line; null when there is none (Baileys Socket/chats.ts, fetchStatus; WAUSync/Protocols/USyncStatusProtocol.ts).</summary>
internal sealed class AboutRequest(Jid user, string sid) : IqRequest<AboutLine?>
{
    // The server's code, in place of a text, for a line that we may not see.
    private const string Hidden = "401";

    public override Node Build(string id) => UsyncStanzas.Build(
        id, sid, "interactive",
        [new Node("status")],
        [new Node("user", new NodeAttributes { { "jid", user } }, Array.Empty<Node>())]);

    public override AboutLine? Read(Node reply)
    {
        if (UsyncStanzas.Users(reply).FirstOrDefault()?.Child("status") is not { } status)
            return null;
        // A line that was never set has the time 0.
        var setAt = status.TimeOf("t") is { } at && at > DateTimeOffset.UnixEpoch ? at : (DateTimeOffset?)null;
        if ((status["code"] ?? status.Child("error")?["code"]) == Hidden)
            return new AboutLine("", setAt);
        return status.Children.Count == 0 && status.Text is { Length: > 0 } text ? new AboutLine(text, setAt) : null;
    }
}
