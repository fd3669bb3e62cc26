namespace Evolution.Client;

/// <summary>Something about WhatsApp that a caller can act on.</summary>
public class WhatsAppException : Exception
{
    public WhatsAppException()
    {
    }

    public WhatsAppException(string message)
        : base(message)
    {
    }

    public WhatsAppException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
