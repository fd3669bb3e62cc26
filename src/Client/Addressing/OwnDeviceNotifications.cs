using Evolution.Client.Dispatch;
using Evolution.Client.Messages;
using Evolution.Client.Stores;

namespace Evolution.Client.Addressing;

/// <summary>Our own account linked or removed a device: the next send asks for the list, so that a new device gets copies at once. (Baileys only notices when its cache ends.)</summary>
internal sealed class OwnDeviceNotifications(MessagingContext context) : IStanzaHandler
{
    public string Tag => "notification";

    public string? Type => "account_sync";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (stanza.Node.Child("devices") is null)
            return;
        var own = context.Own;
        var canonical = await context.Addresses.CanonicalAsync(own.Device.ToUser(), writes, ct).ConfigureAwait(false);
        writes.DeviceLists[canonical] = null;
        await context.Handler(new DevicesChanged(own.Device.ToUser()), writes, ct).ConfigureAwait(false);
    }
}
