using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages;

/// <summary>Our own device in both forms.</summary>
/// <param name="Device">The phone JID with device.</param>
/// <param name="Lid">The LID with device, once the server told it.</param>
internal readonly record struct OwnAddress(Jid Device, Jid? Lid)
{
    /// <summary>Whether the JID is this account, on whatever device and in either form.</summary>
    public bool IsMe(Jid jid) => jid.ToUser() == Device.ToUser() || (Lid is { } lid && jid.ToUser() == lid.ToUser());

    /// <summary>Whether the JID is exactly this device.</summary>
    public bool IsThisDevice(Jid jid) => IsMe(jid) && jid.Device == Device.Device;

    /// <summary>Our user in the form that a chat uses: by LID in a LID chat, else by phone.</summary>
    public Jid UserFor(Jid chat) => chat.IsLid && Lid is { } lid ? lid.ToUser() : Device.ToUser();
}
