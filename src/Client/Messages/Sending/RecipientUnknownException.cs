namespace Evolution.Client.Messages.Sending;

/// <summary>The recipient has no device that could read the message: the number is not on WhatsApp, or the server gives no keys for it.</summary>
public sealed class RecipientUnknownException : WhatsAppException
{
    public RecipientUnknownException()
        : base("The recipient has no device that could read the message.")
    {
    }

    public RecipientUnknownException(string message)
        : base(message)
    {
    }

    public RecipientUnknownException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
