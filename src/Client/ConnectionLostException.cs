namespace Evolution.Client;

/// <summary>There is no connection, or it ended before the answer came. Whether the server saw the request is unknown.</summary>
public sealed class ConnectionLostException : WhatsAppException
{
    public ConnectionLostException()
        : base("There is no connection to WhatsApp.")
    {
    }

    public ConnectionLostException(string message)
        : base(message)
    {
    }

    public ConnectionLostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
