using Evolution.Client.Dispatch;
using Evolution.Client.Stores;

namespace Evolution.Client.Presence;

/// <summary>Handles what others do: <c>presence</c> or <c>chatstate</c> stanzas.</summary>
internal sealed class PresenceHandler(WhatsAppEventHandler handler, string tag) : IStanzaHandler
{
    public string Tag => tag;

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (PresenceStanzas.Read(stanza.Node) is { } changed)
            await handler(changed, writes, ct).ConfigureAwait(false);
    }
}
