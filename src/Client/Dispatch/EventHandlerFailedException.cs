namespace Evolution.Client.Dispatch;

/// <summary>The application's event handler threw: the event was not taken, so its stanza must come again.</summary>
#pragma warning disable CA1032, CA1064 // Made in one place and caught in one place, both inside the client.
internal sealed class EventHandlerFailedException(Exception innerException)
    : WhatsAppException("The event handler failed.", innerException);
#pragma warning restore CA1032, CA1064
