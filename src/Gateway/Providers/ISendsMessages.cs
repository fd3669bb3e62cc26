using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Providers;

/// <summary>Sends messages.</summary>
internal interface ISendsMessages
{
    /// <summary>
    /// Stores the message with its retry material and its <c>send.message</c> event in one transaction, then writes it to the connection. Returns
    /// without waiting for the server's ack. Once stored it is sent, also when the connection breaks now: an error means "not sent".
    /// </summary>
    Task<SentMessage> SendAsync(OutgoingMessage message, CancellationToken cancellationToken);
}
