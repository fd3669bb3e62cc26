using Evolution.Client.Stores;

namespace Evolution.Client;

/// <summary>
/// What happened, as a closed set of records. Events of one chat are given to the handler in order, those of different chats at the same time.
/// </summary>
public abstract record WhatsAppEvent
{
    private protected WhatsAppEvent()
    {
    }
}

/// <summary>
/// Receives a device's events. It is awaited. What it adds to <paramref name="writes"/> is committed with the event's own changes,
/// before anything is acknowledged; when it throws, nothing is, and the server delivers again.
/// It must be quick and must not call back into the client's sending methods.
/// </summary>
public delegate ValueTask WhatsAppEventHandler(WhatsAppEvent e, DeviceWriteSet writes, CancellationToken ct);
