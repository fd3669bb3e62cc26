namespace Evolution.Client.Messages.Sending;

/// <summary>Messages to this kind of address can't be sent.</summary>
#pragma warning disable CA1032 // The kind of address is what the caller acts on.
public sealed class UnsupportedRecipientException(string server) : WhatsAppException($"Sending to addresses at {server} is not supported.")
#pragma warning restore CA1032
{
    /// <summary>The address's server, such as <c>g.us</c> for groups.</summary>
    public string Server { get; } = server;
}
