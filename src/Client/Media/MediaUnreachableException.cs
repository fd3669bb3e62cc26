namespace Evolution.Client.Media;

/// <summary>No media host could be reached, or none took or gave the file now. It may work later.</summary>
public sealed class MediaUnreachableException : WhatsAppException
{
    public MediaUnreachableException()
        : base("No media host can be reached.")
    {
    }

    public MediaUnreachableException(string message)
        : base(message)
    {
    }

    public MediaUnreachableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
