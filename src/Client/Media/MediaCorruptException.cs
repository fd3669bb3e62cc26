namespace Evolution.Client.Media;

/// <summary>A downloaded file is not what its sender announced.</summary>
public sealed class MediaCorruptException : WhatsAppException
{
    public MediaCorruptException()
        : base("The file is damaged.")
    {
    }

    public MediaCorruptException(string message)
        : base(message)
    {
    }

    public MediaCorruptException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
