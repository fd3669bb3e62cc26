namespace Evolution.Client.Connection;

/// <summary>In which way a connection ended.</summary>
internal enum EndKind
{
    /// <summary>No connection could be made, or the handshake failed.</summary>
    ConnectFailed,

    /// <summary>The server's certificate does not lead to the pinned root.</summary>
    Untrusted,

    /// <summary>The socket closed, by either side's doing or the network's.</summary>
    Closed,

    /// <summary>Nothing came for too long.</summary>
    Silent,

    /// <summary>The server ended the stream with <c>stream:error</c>.</summary>
    StreamError,

    /// <summary>The server refused the login with <c>failure</c>.</summary>
    LoginFailure,

    /// <summary>The phone that scanned the code has no multi-device.</summary>
    NoMultiDevice,

    /// <summary>Nobody scanned; the QR references are used up.</summary>
    QrExhausted,

    /// <summary>The QR references of this connection are used up, and more codes may be shown.</summary>
    QrReferencesUsed,

    /// <summary>A lane was full and has drained; what was left unacked comes again.</summary>
    LaneFull,

    /// <summary>A commit failed, or the event handler did: what was not acknowledged comes again.</summary>
    StoreFailed,

    /// <summary>Another owner has the device.</summary>
    Fenced,

    /// <summary>We logged out.</summary>
    LoggedOutByUs,

    /// <summary>We were asked to stop.</summary>
    Stopped,
}
