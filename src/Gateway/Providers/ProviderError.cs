namespace Evolution.Gateway.Providers;

/// <summary>Why a <see cref="ProviderException"/> was thrown.</summary>
internal enum ProviderError
{
    /// <summary>The instance has no open connection; nothing was sent.</summary>
    NotConnected,

    /// <summary>WhatsApp answered with an error.</summary>
    Refused,

    /// <summary>WhatsApp did not answer in time.</summary>
    TimedOut,

    /// <summary>There is no such user or group, or no device to send to.</summary>
    NotFound,
}
