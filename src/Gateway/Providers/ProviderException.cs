namespace Evolution.Gateway.Providers;

/// <summary>WhatsApp, or the state of the connection, did not allow what was asked. <see cref="Exception.Message"/> is shown to API clients.</summary>
internal sealed class ProviderException : Exception
{
    public ProviderException(ProviderError error, string message)
        : base(message) => Error = error;

    public ProviderException(ProviderError error, string message, Exception inner)
        : base(message, inner) => Error = error;

    public ProviderError Error { get; }
}
