namespace Evolution.Client.Messages.Sending;

/// <summary>The message, encrypted for all devices that get it, is longer than one frame can be; nothing was stored or sent.</summary>
public sealed class MessageTooLargeException : WhatsAppException
{
    public MessageTooLargeException()
        : base("The message is longer than WhatsApp takes.")
    {
    }

    public MessageTooLargeException(string message)
        : base(message)
    {
    }

    public MessageTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
