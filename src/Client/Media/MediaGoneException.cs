namespace Evolution.Client.Media;

/// <summary>The media hosts no longer have the file; its sender would have to upload it again.</summary>
public sealed class MediaGoneException : WhatsAppException
{
    public MediaGoneException()
        : base("The media hosts no longer have the file.")
    {
    }

    public MediaGoneException(string message)
        : base(message)
    {
    }

    public MediaGoneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
