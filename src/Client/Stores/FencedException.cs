namespace Evolution.Client.Stores;

/// <summary>Another owner has taken the device over; this one must stop at once. Nothing was written.</summary>
public sealed class FencedException : WhatsAppException
{
    public FencedException()
        : base("Another owner has taken this device over.")
    {
    }

    public FencedException(string message)
        : base(message)
    {
    }

    public FencedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
