using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Dispatch;

/// <summary>Which chat a stanza belongs to.</summary>
internal static class LaneNames
{
    /// <summary>The lane of what concerns no chat.</summary>
    public static Jid Server => Jid.WhatsAppServer;

    /// <summary>The chat as the stanza names it, without device; what another own device sent or read belongs to the recipient's chat.</summary>
    public static Jid ChatOf(Node stanza, DeviceCredentials own)
    {
        if (stanza.Tag is "iq" or "ib" || stanza.JidOf("from") is not { IsEmpty: false } from || from.User.Length == 0)
            return Server;
        if (!from.IsUser)
            return from;
        var user = from.ToUser();
        return IsOwn(user, own) && stanza.JidOf("recipient") is { IsEmpty: false } recipient ? recipient.ToUser() : user;
    }

    public static bool IsOwn(Jid user, DeviceCredentials own) => user == own.Device?.ToUser() || user == own.Lid?.ToUser();
}
