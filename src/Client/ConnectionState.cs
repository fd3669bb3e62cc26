namespace Evolution.Client;

/// <summary>Where a device stands with WhatsApp.</summary>
public enum ConnectionState
{
    /// <summary>No socket. <see cref="ConnectionStatus.NextTryAt"/> says whether and when the client tries again.</summary>
    Closed,

    /// <summary>A socket is being opened, or the login is under way.</summary>
    Connecting,

    /// <summary>Connected without an identity: a phone has to scan the QR code or enter the pairing code.</summary>
    AwaitingScan,

    /// <summary>Logged in; messages flow.</summary>
    Open,

    /// <summary>The identity is no longer valid. Only a new pairing helps.</summary>
    LoggedOut,
}
