namespace Evolution.Client.Media;

/// <summary>A file is larger than is allowed, by whoever asked for it or by WhatsApp.</summary>
public sealed class MediaTooLargeException : WhatsAppException
{
    public MediaTooLargeException()
        : base("The file is larger than allowed.")
    {
    }

    public MediaTooLargeException(string message)
        : base(message)
    {
    }

    public MediaTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
